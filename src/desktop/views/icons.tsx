/** Small pictures, drawn by ourselves. They always stand beside a word, so that none of them has to be understood. */

const paths = {
  available: <circle cx="8" cy="8" r="4.5" fill="currentColor" stroke="none" />,
  paused: <path d="M5.5 4v8M10.5 4v8" strokeWidth="2.4" />,
  off: <circle cx="8" cy="8" r="4.5" />,
  ringing: (
    <path d="M8 2.500a3.5 3.5 0 0 0-3.5 3.500c0 3-1.5 4-1.5 5h10c0-1-1.5-2-1.5-5A3.5 3.5 0 0 0 8 2.500ZM6.8 13.300h2.4" />
  ),
  phone: (
    <path d="M4.6 2.600c.4-.2.9 0 1.1.4l.8 1.900c.1.4 0 .8-.2 1l-.9.9c.7 1.5 1.8 2.6 3.3 3.300l.9-.9c.3-.3.7-.3 1-.2l1.9.8c.4.2.6.7.4 1.1-.4 1.3-1.6 2.1-3 1.900C6.1 12.2 3.8 9.9 3 6.1 2.8 4.6 3.4 3.1 4.6 2.600Z" />
  ),
  talking: <path d="M2.5 8v0M5.2 5.500v5M8 3.500v9M10.8 5.500v5M13.5 8v0" />,
  wrapping: <path d="M10.5 2.8 13.2 5.5 6 12.700l-3.2.5.5-3.200ZM9 4.3 11.7 7" />,
  ended: <path d="M3 3l10 10M13 3 3 13" />,
  search: <path d="M7 2.800a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.400ZM10.2 10.2 13.5 13.5" />,
  voicemail: (
    <path d="M4.5 5.500a2.5 2.5 0 1 0 0 5h7a2.5 2.5 0 1 0-2.5-2.500c0 1 .5 2 1 2.500h-4c.5-.5 1-1.5 1-2.500a2.5 2.5 0 0 0-2.5-2.500Z" />
  ),
  warning: <path d="M8 2.5 14 13H2ZM8 6.500v3M8 11.300v.1" />,
  done: <path d="M3 8.5 6.5 12 13 4.5" />,
  info: <path d="M8 2.200a5.8 5.8 0 1 0 0 11.600A5.8 5.8 0 0 0 8 2.200ZM8 7.200v3.800M8 5v.1" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
  plus: <path d="M8 3v10M3 8h10" />,
  person: (
    <path d="M8 2.500a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.400ZM2.8 13.500c.5-2.6 2.6-4 5.2-4s4.7 1.4 5.2 4" />
  ),
  right: <path d="M6 3.5 10.5 8 6 12.5" />,
  down: <path d="M3.5 6 8 10.5 12.5 6" />,
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {paths[name]}
    </svg>
  )
}
