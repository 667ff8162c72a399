export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--mantine-color-harbor-7)" />
      <path
        d="M10 6.5v19m0-10.3h6.6a5.15 5.15 0 0 1 0 10.3H10"
        fill="none"
        stroke="#fff"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="22.8" cy="8.6" r="2.6" fill="#7fe0d4" />
    </svg>
  );
}
