export const printProfiles = ['A', 'B'] as const;
export type PrintProfile = (typeof printProfiles)[number];

/** Everything in which the prints of two devices with the same rows differ. */
export interface PrintStyle {
  readonly lineEnd: string;
  /** Blanks before `configure` of a section; every level below has one more. */
  readonly margin: string;
  readonly hasBanners: boolean;
  /** Parameters that have their default are printed too. */
  readonly showsDefaults: boolean;
  /** Rows of child tables stand after their parent's block as `parent/child`, not inside it. */
  readonly hasChildrenBeside: boolean;
  /** A text is quoted even when it holds no blank. */
  readonly quotesEveryText: boolean;
  /** A remark stands before a row that is not activated. */
  readonly remarksInactive: boolean;
  /** Behind an obscured secret stands the word that says so. */
  readonly marksSecrets: boolean;
  /** Tables, sections and parameters in the order of the device; else by name. */
  readonly isInDeviceOrder: boolean;
  /** The output of a script shows each line behind its prompt. */
  readonly echoesScripts: boolean;
}

/** A is what release 7.2 does; B does everything the other way and stands for no release. */
export const printStyles: Readonly<Record<PrintProfile, PrintStyle>> = {
  A: {
    lineEnd: '\r\n', margin: '  ', hasBanners: true, showsDefaults: false, hasChildrenBeside: false, quotesEveryText: true, remarksInactive: true, marksSecrets: true,
    isInDeviceOrder: true, echoesScripts: true,
  },
  B: {
    lineEnd: '\n', margin: ' ', hasBanners: false, showsDefaults: true, hasChildrenBeside: true, quotesEveryText: false, remarksInactive: false, marksSecrets: false,
    isInDeviceOrder: false, echoesScripts: false,
  },
};
