"""Given names that are common where this is used, folded: by them a name is told from a title in as many words."""

from society.text import folded

_NAMES = """
ada adam adrian agnes aidan alan albert alex alexander alexandra alfred ali alice alison allan amanda amber amelia amy
andrea andrew andy angela angus anita ann anna anne annie anthony antonia archie arnold arthur ashley audrey ava
barbara barry beatrice becky belinda ben benedict benjamin bernadette bernard beryl beth bethany betty beverley bill
billy bob bobby brenda brendan brian bridget bruce caitlin cameron carl carla carmen carol caroline catherine cathy
cecilia celia charles charlie charlotte chloe chris christian christina christine christopher claire clara clare
clive colin connor constance craig cynthia daisy daniel danielle daphne darren dave david dawn dean deborah debbie
declan deirdre denise dennis derek desmond diana diane dominic don donald donna dora doreen doris dorothy douglas
duncan dylan ed eddie edgar edith edmund edward edwin eileen elaine eleanor elena elizabeth ella ellen ellie elsie
emily emma eric erica erin ernest esther ethan eva evan eve evelyn felicity felix finn fiona florence frances francis
frank fred freddie frederick gareth gary gavin gemma geoff geoffrey george georgia georgina gerald gerard gilbert
giles gillian gina gladys glen gloria gordon grace graham grant greg gregory guy gwen hannah harold harriet harry
harvey hazel heather hector helen helena henrietta henry hilary holly horace howard hugh hugo ian ida imogen ingrid
irene iris isaac isabel isabella isla isobel ivan ivor ivy jack jackie jacob jacqueline jake james jamie jan jane
janet janice jasmine jason jay jean jeff jeffrey jenna jennifer jenny jeremy jerome jerry jess jesse jessica jill jim
jo joan joanna joanne jodie joe joel john johnny jonathan jordan joseph josephine josh joshua joy joyce judith judy
julia julian julie juliet june justin karen karl kate katherine kathleen kathryn kathy katie katy keith kelly ken
kenneth kerry kevin kim kirsten kirsty kyle lara laura lauren laurence lawrence leah lee lena leo leon leonard lesley
leslie lewis liam lilian lily linda lindsay lionel lisa liz lois lorna lorraine louis louisa louise lucas lucinda
lucy luke lydia lynn mabel madeleine maggie malcolm marc marcus margaret margery maria marian marie marilyn marion
marjorie mark marlene martha martin martina mary matilda matt matthew maureen maurice max maxine megan melanie
melissa mercy mia michael michelle miles millie mina minnie miranda miriam moira molly mona monica morgan muriel
nadia nancy naomi natalie natasha neil nell nicholas nick nicola nicole nigel nina noah noel nora norma norman olive
oliver olivia oscar owen pam pamela pat patience patricia patrick paul paula pauline pearl peggy penelope penny percy
peter petra phil philip philippa phoebe phyllis piers polly priscilla prudence rachael rachel ralph ray raymond
rebecca reginald rex rhys richard rita rob robert roberta robin rodney roger roland ron ronald rory rosa rosalind
rose rosemary rosie ross roy ruby rupert russell ruth ryan sadie sally sam samantha samuel sandra sara sarah saul
scott sean sebastian selina shane sharon sheila shirley sidney simon sonia sophia sophie stan stanley stella stephanie
stephen steve steven stuart sue susan susanna susannah suzanne sybil sylvia tamsin tania tara ted teresa terence terry
tess thelma theo theodore theresa thomas tim timothy tina toby todd tom tony tracey trevor tristan ursula valerie
vanessa vera verity vernon veronica victor victoria vincent viola violet virginia vivian vivien wallace walter wanda
wayne wendy wilfred will william winifred yvonne zara zoe
adele achim alexandre alois andreas anette angelika anja anke anneliese annegret annette anselm antje antonio arne
astrid august axel barbel bastian bernd bernhard bettina birgit bjorn bodo boris brigitte britta burkhard carsten
christa christel christiane christoph claudia clemens conrad corinna cornelia dagmar detlef dieter dietrich dirk
dorothea eberhard edda eckhard elfriede elisabeth elke emil erich erika ernst eugen ewald fabian ferdinand florian
frauke frieda friedrich fritz gabi gabriele gabriela georg gerd gerda gerhard gertrud gisela gregor gudrun gunter
gunther gustav hanna hannelore hans harald hartmut hedwig heide heidi heike heiko heiner heinrich heinz helga
helge helmut
henning henrik herbert hermann hilde hildegard holger horst hubert hugo ilse imke ines inge ingeborg ingo irmgard
isolde jakob jana jens joachim jochen johann johanna johannes jonas jorg josef jurgen jutta kai karin karla karsten
kaspar katharina kathrin katja katrin kerstin klara klaus konrad kurt lars leonie liselotte lothar lotte ludwig lukas
lutz magda magdalena manfred manuela marcel margarete margit marianne marita marko markus marlies marta mathias
matthias mechthild meike meinhard michaela mirjam monika moritz nadine nico niels nils norbert olaf oskar otto peer
philipp rainer ralf regina regine reiner reinhard reinhold renate richard roswitha rudi rudiger rudolf rupert sabine
sandro saskia sibylle siegfried sigrid silke silvia sonja stefan stefanie steffen susanne sven svenja swantje tanja
theodor thilo thorsten tilman tobias torsten traute udo ulf uli ulla ulrich ulrike ursula ute uwe verena viktor volker
waldemar waltraud werner wiebke wilhelm wilma winfried wolf wolfgang xaver yvonne
agathe aime alain albane alexis aline amandine amelie anais andre annick antoine armand arnaud aude aurelie aurore
baptiste bastien beatrice benoit berenice bertrand blandine brice brigitte camille catherine cecile celine chantal
christelle christophe clairemarie claude clemence clement clotilde colette corinne cyril cyrille damien danielle
delphine denis didier dominique edouard elise elodie emile emilie emmanuel emmanuelle eric estelle etienne eugenie
fabien fabrice fanny fernand florent francine francois francoise frederic frederique gaelle gaston genevieve georges
geraldine germaine gerard gilles gregoire guillaume gustave guy helene henri herve hubert irene isabelle jacques
jacqueline jeanne jeannine jeremie jerome joelle joseph josette jules julien juliette laetitia laure laurent lea
lionel loic louise luc lucas lucie lucien lucienne ludovic madeleine manon marc marcel marceline marguerite marielle
marine marion marthe mathieu mathilde maud maxime melanie mireille monique muriel mylene nadege nathalie nicolas noemie
odette odile olivier pascal pascale patrice paulette philippe pierre quentin raphael regis remi remy renaud rene renee
robert roland romain roseline sabrina serge severine simone solange solene sophie stephane sylvain sylvie theophile
therese thibault thierry tristan valentin valerie veronique vincent violette virginie viviane xavier yann yannick
yves yvette
abel adriana agustin alba alberto alejandra alejandro alfonso alfredo alicia almudena alvaro amalia amparo ana andres
angel angeles anibal aranzazu armando arturo asuncion beatriz begona belen benito blanca borja bruno candela carlos
carlota carolina catalina celestino cesar clara concepcion consuelo cristina cristobal daniela diego dolores eduardo
elvira emilio encarnacion enrique ernesto esperanza esteban estefania eugenia eva ezequiel fatima federico felipe
fernanda fernando fidel francisca francisco gabriel gerardo gonzalo graciela gregorio guadalupe guillermo gustavo
hector hernan horacio ignacio iker inmaculada isidro ismael ivan jaime javier jesus jimena joaquin jorge jose josefa
juan juana julio lola lorena lorenzo lourdes lucia luis luisa magdalena manuel manuela marcela marcelo marcos
margarita mariana mariano maribel marina mario marisol mateo matilde mauricio mercedes miguel milagros miren montse
montserrat natalia nicolas nieves noelia nuria octavio olga oscar pablo paloma patricio paz pedro pilar rafael ramiro
ramon raquel raul remedios ricardo roberto rocio rodrigo rogelio rosario ruben salvador santiago sara saturnino sergio
silvia sofia soledad susana teresa tomas trinidad valentina vicente victoria violeta virginia ximena yolanda
aasha abdul abdullah abena adebayo adwoa agnieszka ahmed aisha akiko akua amara amina amir amit ananya anil anjali
ansel anton aoife arjun arun asha ayesha aylin ayse bartosz beata bogdan bronwen carys chiara chidi chika chinua ciara
dafydd deepa dev dilip dimitri dmitri elif elio emre eoin esi ewa fatma fatou femi francesca francesco gethin gianni
giovanni giulia giuseppe grzegorz hamid hana hasan hassan hiroshi hussein ibrahim ikram ioana irina iwona jagoda jamal
jarek jin joanna jomo kamal karim keisha kenji kofi krzysztof kwame lakshmi lars latifa leila li lin ling luca luigi
magnus mahmoud maja malgorzata marek marta mateusz matteo mehmet mei mikael mikhail ming miroslav mohamed mohammed
muhammad mustafa nabil nadira naoko natalia neha ngozi niamh nikhil nikolai nkechi noor olga olu oluwaseun omar padraig
paolo parveen paulo pavel piotr pooja prakash priya rahul raj rajesh ravi rhiannon rohan roisin saanvi saeed salim
samir sanjay sangeeta sanna siobhan sean selma seren shabana shreya sinead siobhan sofia soren sorcha sunil svetlana
tadeusz takashi tariq tatiana tomasz usha vijay vladimir wei wojciech xiao yasmin yuki yusuf zainab zeynep
"""

GIVEN = frozenset(map(folded, _NAMES.split())) - {"will", "may", "june", "joy", "dawn", "grace", "august", "li", "lin"}
"""Without those that begin sentences and titles as often as names."""


def is_given(name: str) -> bool:
    """Whether the first word of a name is known for one, also in two parts: "Hans-Georg Siebert"."""
    return folded(name).partition(" ")[0].partition("-")[0] in GIVEN
