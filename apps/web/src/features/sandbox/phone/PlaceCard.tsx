import { MapDrawing } from './MapDrawing.tsx';

/** A place that was sent: its map, its name and its address. */
export function PlaceCard({ name, address }: { name: string; address: string | null }) {
  return (
    <div className="w-60 max-w-full">
      <div className="-mx-1 mb-1 overflow-hidden rounded-control">
        <MapDrawing />
      </div>
      <p className="text-13 font-medium">
        <bdi>{name}</bdi>
      </p>
      {address === null ? null : (
        <p className="text-12 phone-meta">
          <bdi>{address}</bdi>
        </p>
      )}
    </div>
  );
}
