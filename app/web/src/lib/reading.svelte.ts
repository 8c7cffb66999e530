/** Something that is read once, and again when somebody asks or has changed it. */
export class Reading<Found> {
  found = $state<Found | null>(null);
  error = $state<unknown>(null);

  constructor(readonly read: () => Promise<Found>) {
    void this.again();
  }

  again = async (): Promise<void> => {
    try {
      this.found = await this.read();
      this.error = null;
    } catch (refused) {
      this.error = refused;
    }
  };
}
