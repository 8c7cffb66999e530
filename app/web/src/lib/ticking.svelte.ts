/** One clock for all that counts down: a board of three hundred has one timer. */
import { present } from "./clock";

const clock = $state({ seconds: 0 });
setInterval(() => (clock.seconds += 1), 1000);

/** The present by the clock of the server; whoever asks is asked again every second. */
export function ticking(): number {
  void clock.seconds;
  return present();
}
