/** The mark and the name. */
export function Mark() {
  return (
    <span className="mark">
      <svg width="22" height="22" viewBox="0 0 24 24" fill="none" aria-hidden="true">
        <g stroke="currentColor" strokeWidth="2" strokeLinecap="round">
          <path d="M5 6.500c6 0 4 11 10.4 11" />
          <path d="M5 17.500c2.6 0 3.8-1.3 4.7-3" />
          <circle cx="18.6" cy="17.5" r="3.2" />
        </g>
        <circle cx="4.2" cy="6.5" r="2.2" fill="currentColor" />
        <circle cx="4.2" cy="17.5" r="2.2" fill="currentColor" />
      </svg>
      whence
    </span>
  );
}
