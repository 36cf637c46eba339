/** Round-trip estimate, milliseconds (RFC 3261 17.1.1.1). */
export const T1 = 500
/** Longest interval between retransmissions of a non-INVITE request and of a response to INVITE (17.1.2.1). */
export const T2 = 4_000
/** Longest time that a message stays in the network (17.1.2.2). */
export const T4 = 5_000
/** Life of a transaction without an answer: timers B, F, H, J, L and M (Table 4; RFC 6026 8.4). */
export const TRANSACTION_MS = 64 * T1
/** Timer D over UDP: at least 32 s (17.1.1.2). */
export const TIMER_D = 32_000
/** A proxy or UAS that needs longer than this to answer an INVITE says 100 first (17.2.1). */
export const TRYING_MS = 200
