# Reads messages as a Perl program would (Email::MIME, Email::Folder), and says in JSON what it found.
#
# On standard input: a line with a kind ("message" or "mailbox") and a length, then so many bytes. One line each comes back.
use strict;
use warnings;
use Email::Folder;
use Email::MIME;
use Encode qw(decode);
use JSON::PP;

binmode STDIN;
$| = 1;
my $json = JSON::PP->new->ascii->canonical;

while (my $asked = <STDIN>) {
    my ($kind, $length) = split ' ', $asked;
    read(STDIN, my $given, $length) == $length or die "cut short";
    my @found = $kind eq 'mailbox' ? mailbox($given) : (message($given));
    print $json->encode(\@found), "\n";
}

sub mailbox {
    my ($given) = @_;
    open my $file, '>', $ENV{MAILBOX} or die $!;
    binmode $file;
    print $file $given;
    close $file;
    return map { message($_->as_string) } Email::Folder->new($ENV{MAILBOX}, unescape => 1)->messages;
}

sub message {
    my $read = Email::MIME->new($_[0]);
    my @parts;
    $read->walk_parts(sub { push @parts, part($_[0]) unless $_[0]->subparts });
    return {
        headers => [map { lc } $read->header_names],
        subject => $read->header_str('Subject'),
        (map { (lc $_ => addresses($read, $_)) } 'From', 'To', 'Bcc', 'Reply-To'),
        parts => \@parts,
    };
}

sub addresses {
    my ($read, $name) = @_;
    my $list = $read->header_as_obj($name) or return [];
    return [map { [$_->phrase // '', $_->address] } $list->addresses];
}

sub part {
    my ($part) = @_;
    my $type = Email::MIME::ContentType::parse_content_type($part->content_type);
    my $kind = "$type->{type}/$type->{subtype}";
    my $text = $type->{type} eq 'text' ? $part->body_str : decode('UTF-8', $part->body);
    $text =~ s/\r\n/\n/g;
    return { kind => $kind, method => $type->{attributes}{method} // '', file => $part->filename // '', text => $text };
}
