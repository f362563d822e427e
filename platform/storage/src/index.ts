export type { Authenticate } from './caller.ts';
export type { StorageOptions } from './createContext.ts';
export { createStorage, type ObjectStore, type PutOptions, type Storage, type StoredObject } from './createStorage.ts';
export {
  type ByteRange,
  driverKeyPattern,
  MissingBytes,
  type StorageDriver,
  type StoredBytes,
  type WriteOptions,
} from './driver/driver.ts';
export { createFileDriver, type FileDriverOptions } from './driver/fileDriver.ts';
export { createThumbnail, type Thumbnail, type ThumbnailOptions } from './media/createThumbnail.ts';
export type { MediaKind } from './media/mediaType.ts';
export { type MediaInfo, sniffMedia } from './media/sniffMedia.ts';
export { migrations } from './migrations.ts';
export { isObjectName } from './names.ts';
export { type StorageRoutesOptions, storageRoutes } from './storageRoutes.ts';
