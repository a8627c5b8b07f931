// Reads a calendar with ical.js, the engine of Thunderbird and Nextcloud: one as a JSON string on each line of standard
// input, what it says as JSON on each line of standard output. The one argument is the module's file.
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]));
const MOST = 400; // occurrences of one event

// ical.js leaves alone what it does not know; by RFC 5545, 3.8.8.2, it is TEXT, and so is NAME by RFC 7986, 5.1.
for (const name of ["name", "x-alt-desc", "x-wr-calname", "x-wr-caldesc"]) {
  ICAL.design.icalendar.property[name] = { defaultType: "text" };
}

function moment(time, zones) {
  if (!time) return null;
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.utcTimezone) return time.toUnixTime();
  if (!zones.has(time.zone.tzid) || zones.get(time.zone.tzid) !== time.zone.component) {
    throw new Error(`${time} is in a zone that the file does not describe: ${time.zone.tzid}`);
  }
  return time.toUnixTime();
}

function occurrences(event, zones) {
  const found = [];
  const iterator = event.iterator();
  for (let next = iterator.next(); next && found.length < MOST; next = iterator.next()) found.push(moment(next, zones));
  return found;
}

function all(component, name) {
  return component.getAllProperties(name).flatMap((property) => property.getValues().map(String));
}

function people(component) {
  return ["organizer", "attendee"].flatMap((name) =>
    component.getAllProperties(name).map((person) => [
      String(person.getFirstValue()),
      person.getParameter("cn") ?? "",
      person.getParameter("partstat") ?? "",
    ]),
  );
}

function entry(component, zones) {
  const event = new ICAL.Event(component);
  const first = (name) => component.getFirstPropertyValue(name);
  const text = (name) => String(first(name) ?? "");
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: text("summary"),
    description: text("description"),
    html: text("x-alt-desc"),
    location: text("location"),
    status: text("status"),
    transp: text("transp"),
    color: text("color"),
    url: text("url"),
    related_to: text("related-to"),
    comment: text("comment"),
    categories: all(component, "categories"),
    attach: all(component, "attach"),
    image: all(component, "image"),
    conference: all(component, "conference"),
    people: people(component),
    geo: first("geo") ?? null,
    starts: moment(event.startDate, zones),
    ends: moment(event.endDate, zones),
    occurrences: occurrences(event, zones),
    stamps: ["created", "last-modified", "dtstamp"].map((name) => moment(first(name), zones)),
    alarms: component.getAllSubcomponents("valarm").map((alarm) => [
      String(alarm.getFirstPropertyValue("action")),
      String(alarm.getFirstPropertyValue("description")),
      alarm.getFirstPropertyValue("trigger").toSeconds(),
    ]),
  };
}

function read(calendar) {
  const whole = new ICAL.Component(ICAL.parse(calendar));
  const zones = new Map();
  ICAL.TimezoneService.reset();
  for (const component of whole.getAllSubcomponents("vtimezone")) {
    zones.set(component.getFirstPropertyValue("tzid"), component);
    ICAL.TimezoneService.register(component);
  }
  const text = (name) => String(whole.getFirstPropertyValue(name) ?? "");
  return {
    names: [text("name"), text("x-wr-calname")],
    about: [text("description"), text("x-wr-caldesc")],
    method: text("method"),
    entries: whole.getAllSubcomponents("vevent").map((component) => entry(component, zones)),
  };
}

for await (const line of readline.createInterface({ input: process.stdin, terminal: false })) {
  let answer;
  try {
    answer = read(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
