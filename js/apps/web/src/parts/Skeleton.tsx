/** Lines where text will be. */
export function Skeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} style={{ width: `${String(88 - ((index * 37) % 45))}%` }} />
      ))}
    </div>
  );
}
