/** Every row that docs/semantics.md must have: one list of names per system, so that none can go unnoticed. */
export const rowNames: Readonly<Record<string, string>> = {
  'Asterisk app_queue': `
    strategy: ringall; strategy: leastrecent; strategy: fewestcalls; strategy: random; strategy: rrmemory; strategy:
    rrordered; strategy: linear; strategy: wrandom; penalty in the metric; musicclass; announce;
    queue-callerannounce; servicelevel; context; penaltymemberslimit; timeout; retry; timeoutpriority; weight;
    wrapuptime; autofill; autopause: yes; autopause: all; autopause: no; autopausedelay; autopausebusy;
    autopauseunavail; maxlen; setinterfacevar; setqueueentryvar; setqueuevar; membergosub; announce-frequency;
    min-announce-frequency; periodic-announce; periodic-announce-frequency; periodic-announce-startdelay;
    random-periodic-announce; relative-periodic-announce; announce-holdtime; announce-position;
    announce-position-limit; announce-to-first-user; announce-position-only-up; announce-round-seconds;
    reportholdtime; memberdelay; timeoutrestart; ringinuse; defaultrule; monitor-format; persistentmembers;
    shared_lastcall; negative_penalty_invalid; log_membername_as_agent; force_longest_waiting_caller; joinempty:
    paused; joinempty: penalty; joinempty: inuse; joinempty: ringing; joinempty: unavailable; joinempty: invalid;
    joinempty: unknown; joinempty: wrapup; joinempty: strict; joinempty: loose; leavewhenempty; penaltychange: max;
    penaltychange: min; penaltychange: raise; penaltychange: absolute or relative; a caller keeps the place when the
    rule changes the band; rules are frozen at entry; QUEUESTATUS: TIMEOUT; QUEUESTATUS: FULL; QUEUESTATUS:
    JOINEMPTY; QUEUESTATUS: LEAVEEMPTY; QUEUESTATUS: JOINUNAVAIL; QUEUESTATUS: LEAVEUNAVAIL; QUEUESTATUS: CONTINUE;
    QUEUESTATUS: WITHDRAW; average hold time; SL; SL2; EWT trap: the absolute value; queue_log: ENTERQUEUE;
    queue_log: CONNECT; queue_log: COMPLETECALLER; queue_log: COMPLETEAGENT; queue_log: ABANDON; queue_log:
    EXITEMPTY; queue_log: EXITWITHTIMEOUT; queue_log: EXITWITHKEY; queue_log: RINGNOANSWER; queue_log: RINGCANCELED;
    queue_log: BLINDTRANSFER; queue_log: ATTENDEDTRANSFER; queue_log: AGENTDUMP; queue_log: SYSCOMPAT; queue_log:
    WITHDRAW; queue_log: ADDMEMBER; queue_log: REMOVEMEMBER; queue_log: PAUSE; queue_log: UNPAUSE; queue_log:
    PAUSEALL; queue_log: UNPAUSEALL; queue_log: PENALTY; queue_log: RINGINUSE; queue_log: AGENTLOGIN; queue_log:
    AGENTLOGOFF; queue_log: OUTCALL; queue_log: QUEUESTART; queue_log: CONFIGRELOAD; AMI: QueueCallerJoin; AMI:
    QueueCallerLeave; AMI: QueueCallerAbandon; AMI: QueueMemberAdded; AMI: QueueMemberRemoved; AMI:
    QueueMemberPause; AMI: QueueMemberPenalty; AMI: QueueMemberRinginuse; AMI: QueueMemberStatus; AMI: AgentCalled;
    AMI: AgentConnect; AMI: AgentRingNoAnswer; AMI: AgentComplete; AMI: AgentDump`,
  'FreeSWITCH mod_callcenter': `
    status: Logged Out; status: Available; status: Available (On Demand); status: On Break; state: Idle; state:
    Waiting; state: Receiving; state: In a queue call; state: Reserved; status and state are two things; member:
    Waiting; member: Trying; member: Answered; member: Abandoned; cancel: TIMEOUT; cancel: NO_AGENT_TIMEOUT; cancel:
    BREAK_OUT; cancel: EXIT_WITH_KEY; strategy: longest-idle-agent; strategy: agent-with-least-talk-time; strategy:
    agent-with-fewest-calls; strategy: sequentially-by-agent-order; strategy: random; strategy: round-robin;
    strategy: top-down; strategy: ring-all; strategy: ring-progressively; tier level comes first; order of callers;
    skill score; time-base-score=system; tier rule: wait-second with multiply-level; tier rule: wait-second; tier
    rule: no-agent-no-wait; trap: the walk begins at tier 0; trap: On Break counts as present; refusal: busy or
    congestion; refusal: CALL_REJECTED; refusal: USER_NOT_REGISTERED; refusal: any other cause; max-no-answer;
    LOSE_RACE is not counted; ORIGINATOR_CANCEL is not counted; abandoned-resume; event: member-queue-start; event:
    member-queue-resume; event: member-queue-end; event: members-count; event: agent-offering; event:
    bridge-agent-start; event: bridge-agent-end; event: bridge-agent-fail; event: agent-status-change; event:
    agent-state-change; event: agent-contact-change; event: agent-max-no-answer`,
  'Wazo, OpenSIPS, Kazoo': `
    Wazo: rule of a dynamic and a skill part; Wazo: not, and, or; Wazo: = > <; Wazo: undefined is not 0; Wazo: a
    later rule when the time is over; Wazo: a later rule when nobody logged in fits; Wazo: no relaxing while
    somebody rings; Wazo: rules take variables; Wazo: rules on waiting callers and load; OpenSIPS: EWT; OpenSIPS:
    dissuade; OpenSIPS: one skill per flow; OpenSIPS: the first free agent of the list; Kazoo: agents bid; Kazoo: an
    agent who restarts syncs before being ready`,
  'Twilio TaskRouter': `
    task: pending; task: reserved; task: assigned; task: wrapping; task: completed; task: canceled; reservation:
    pending; reservation: accepted; reservation: rejected; reservation: timeout; reservation: canceled; reservation:
    rescinded; reservation: wrapping; reservation: completed; rejected or timed out: evaluated anew; several
    reservations: pending only when all have ended; workflow: the first filter that fits; target: queue; target:
    expression over task and worker; target: priority; target: timeout; timeouts add up from entry; order_by;
    skip_if; reservation timeout of 120 s; a worker who times out is moved to an activity; task time to live`,
  'Amazon Connect': `
    routing criteria are ordered steps; step: AND of attribute, value and proficiency; step: a list of agents; step:
    expiry; status: INACTIVE; status: ACTIVE; status: JOINED; status: EXPIRED; all expired: any agent of the queue;
    active only once in a queue; routing profile: priority of a queue; routing profile: delay of a queue; priority
    of a contact, 5 by default; priority beats age; routing age; priority or age, one per call; callback: initial
    delay; callback: attempts; callback: delay between attempts; callback: agent first or customer first; abandon
    rate leaves callbacks out`,
  'Genesys, UCCE, NICE': `
    Genesys: all skills; Genesys: best available skills; Genesys: disregard skills; Genesys: rings; Genesys: skills
    removed on leaving a ring; Genesys: rings list agents by number; Genesys: the ring timer is not the time-out of
    the queue; Genesys: best skill and rings together jump a ring; Genesys: preferred agents by score; Genesys: SL;
    Genesys: SL switch for flow-outs; Genesys: SL switch for short abandons; Genesys: SL switch for abandons;
    Genesys: switches apply to the past; Genesys: offered by the interval of entry, answered by that of the answer;
    UCCE: SL that ignores abandoned calls; UCCE: SL with abandoned calls against it; UCCE: SL with abandoned calls
    in its favour; NICE: priority(t); synthesis: a contact has ordered steps; synthesis: the last step is explicit;
    synthesis: a reservation is a lease; synthesis: each end of an offer has its own state; synthesis: the order is
    total`,
  'SIP and ARI': `
    180 or 183 of the agent's phone; 200 after our CANCEL; 408, 480 or our timer; 486 or 600; 603 or 403; 404, 503,
    unregistered, transport failure; 302; 487; BYE or CANCEL of the caller while it rings; re-INVITE sendonly or
    inactive; time on hold, and music for the other side; REFER; REFER with Replaces is refused for now; BYE
    missing, session timers; drachtio: destroy; drachtio: modify; drachtio: hold; drachtio: unhold; drachtio:
    refresh; drachtio: refer; drachtio: info; drachtio: notify; drachtio: options; drachtio: message; drachtio:
    publish; drachtio: update; drachtio: subscribe and unsubscribe; drachtio: ack; drachtio: cdr:attempt, cdr:start,
    cdr:stop; ARI: StasisStart and StasisEnd; ARI: ChannelStateChange; ARI: ChannelDtmfReceived; ARI: ChannelHold
    and ChannelUnhold; ARI: ChannelEnteredBridge and ChannelLeftBridge; ARI: BridgeBlindTransfer; ARI:
    BridgeAttendedTransfer; ARI: ChannelTransfer; ARI: Dial; ARI: Playback events; ARI: Recording events; ARI:
    DeviceStateChanged; ARI: CallBroadcast and CallClaimed; ARI has no events of queues`,
  Complaints: `
    phantom reserved agents; no working multi-node queue; no real skills routing; surprising priority interactions;
    order over several queues; wrong wrap-up; dead air on answer; two agents on one caller; transfers that corrupt
    statistics; callback keeping place; the rejecting agent is asked again at once; no identity at dequeue; missed,
    rejected and caller gone look alike; work that nobody takes does not bounce; misconfiguration is silent; nobody
    can say why`,
}
