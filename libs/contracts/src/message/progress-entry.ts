import { IsIn, IsString, MaxLength } from 'class-validator';

export const progressLevels = ['Information', 'Warning', 'Error'] as const;
export type ProgressLevel = (typeof progressLevels)[number];

/** One line of what the caller reads in `progressDetails` and in a task's `executionMessages`. */
export class ProgressEntry {
  @IsIn(progressLevels)
  level: ProgressLevel;

  @IsString() @MaxLength(2048)
  message: string;
}
