/**
 * What asks for somebody, until a person takes note of it by name: a question to the own centre,
 * a journey that is to be driven, a step that is overdue, and a road that has changed on the way of somebody the house has to do with. Who took note, and when, is kept by this page and nowhere else; that a
 * question was looked at the server is told.
 */
import { isJob, presses } from "./board";
import { serverTime } from "./clock";
import { get, type Schema } from "./http";
import { actor } from "./session.svelte";
import { worklist } from "./worklist.svelte";

export interface Alarm {
  key: string;
  why: "asked" | "job" | "late" | "road";
  number: string;
  referral: string;
  offer: Schema["OfferOut"] | null;
}
interface Noted {
  number: string;
  by: string;
  at: string;
}

const AGAIN_MS = 20_000;
/** A browser that blocks sound says nothing: it only does not begin. */
const BEGINS_MS = 300;
const TONES = [880, 660, 880];
const TONE_S = 0.22;
const LOUD = 0.25;

class Alarms {
  on = $state(true);
  blocked = $state(false);
  noted = $state<Record<string, Noted>>({});
  #context: AudioContext | null = null;

  readonly all = $derived(worklist.list === null ? [] : [...asked(worklist.list), ...jobs(worklist.list), ...late(worklist.list), ...roads(worklist.list)]);
  readonly open = $derived(this.all.filter((one) => !(one.key in this.noted)));

  /** Take note of an alarm under the own name. */
  async note(alarm: Alarm): Promise<void> {
    this.noted[alarm.key] = { number: alarm.number, by: actor()?.name ?? "", at: serverTime(0) };
    // Who asked sees from it that somebody has looked.
    if (alarm.offer?.status === "offered") await get("/offers/{offer_id}", { offer_id: alarm.offer.id });
  }

  /** Sound while something is open; again and again, for nobody may have been in the room. */
  watch(): () => void {
    void this.sound();
    const timer = setInterval(() => void this.sound(), AGAIN_MS);
    return () => clearInterval(timer);
  }

  async sound(): Promise<void> {
    if (!this.on) return;
    const context = (this.#context ??= new AudioContext());
    if (context.state !== "running") {
      void context.resume().catch(() => undefined);
      await new Promise((done) => setTimeout(done, BEGINS_MS));
    }
    this.blocked = context.state !== "running";
    if (!this.blocked) play(context);
  }

  turn(): void {
    this.on = !this.on;
    if (this.on && this.open.length) void this.sound();
  }

  forget(): void {
    this.noted = {};
  }
}

function asked(list: Schema["WorklistOut"]): Alarm[] {
  return list.offers
    .filter((one) => one.yours && (one.status === "offered" || one.overdue))
    .map((offer) => ({
      key: `${offer.id} ${offer.overdue ? "late" : "asked"}`,
      why: offer.overdue ? "late" : "asked",
      number: offer.number,
      referral: offer.referral_id,
      offer,
    }));
}

/** Who is to be brought and has not left; that somebody has said yes meanwhile is no new journey. */
function jobs(list: Schema["WorklistOut"]): Alarm[] {
  return list.referrals
    .filter(isJob)
    .map((one) => ({ key: `${one.id} job`, why: "job", number: one.number, referral: one.id, offer: null }));
}

/** A step of the own house that is overdue; where it is due again, that is an alarm of its own. */
function late(list: Schema["WorklistOut"]): Alarm[] {
  return list.referrals
    .filter((one) => one.why === "owner" && presses(one))
    .map((one) => ({ key: `${one.id} ${one.deadline_at}`, why: "late", number: one.number, referral: one.id, offer: null }));
}

/** Who sends her, looks after her or is to receive her; each change is an alarm of its own. */
const CONCERNED = ["owner", "sent", "coming"];
function roads(list: Schema["WorklistOut"]): Alarm[] {
  return list.referrals
    .filter((one) => CONCERNED.includes(one.why) && one.roads_changed.length)
    .map((one) => ({
      key: `${one.id} ${one.roads_changed.map((road) => `${road.one}${road.other}${road.change}`).join()}`,
      why: "road",
      number: one.number,
      referral: one.id,
      offer: null,
    }));
}

function play(context: AudioContext): void {
  const volume = context.createGain();
  volume.gain.value = LOUD;
  volume.connect(context.destination);
  TONES.forEach((pitch, at) => {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(context.currentTime + at * TONE_S);
    tone.stop(context.currentTime + (at + 1) * TONE_S);
  });
}

export const alarms = new Alarms();
