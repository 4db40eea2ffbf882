import { IsString, Length, MaxLength } from 'class-validator';

/** One thing wrong with a request. `field` is a path such as `siteLocation.sbcId`. */
export class FieldProblem {
  @IsString() @MaxLength(512)
  field: string;

  @IsString() @Length(1, 64)
  code: string;

  @IsString() @MaxLength(1024)
  message: string;
}
