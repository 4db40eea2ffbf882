declare module 'class-transformer/cjs/storage.js' {
  /** Where class-transformer keeps what `@Type` says; opaque, handed on to the schema generator. */
  export const defaultMetadataStorage: object;
}
