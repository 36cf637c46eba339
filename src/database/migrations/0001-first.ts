import type { Kysely } from 'kysely'
import { runStatements } from './run-statements.ts'

/**
 * People, customers, interactions, voicemails, sessions, audit. Times are timestamptz with milliseconds. An
 * interaction names its customer and agents without foreign keys: facts of the past outlive the records that
 * they name, and a batch of finished contacts must never be refused for a record that is gone.
 */
const statements = [
  `create table users (
    id text primary key,
    username text not null unique,
    name text not null,
    role text not null check (role in ('agent', 'supervisor', 'admin', 'integration')),
    password text not null,
    demo boolean not null default false,
    enabled boolean not null default true,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null
  )`,
  `create table user_skills (
    user_id text not null references users on delete cascade,
    skill text not null,
    level smallint not null check (level between 1 and 10),
    primary key (user_id, skill)
  )`,
  `create table devices (
    name text primary key,
    user_id text not null references users on delete cascade,
    realm text not null,
    ha1_md5 text not null,
    ha1_sha256 text not null
  )`,
  `create index devices_by_user on devices (user_id)`,
  `create table sessions (
    token_hash text primary key,
    user_id text not null references users on delete cascade,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null
  )`,
  `create index sessions_by_user on sessions (user_id)`,

  `create table customers (
    id text primary key,
    version integer not null,
    name text not null,
    company text,
    tier text not null,
    language text,
    owner text,
    notes text,
    fields jsonb not null default '{}',
    search text not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null
  )`,
  `create table customer_identities (
    customer_id text not null references customers on delete cascade,
    position smallint not null,
    kind text not null check (kind in ('phone', 'email', 'handle')),
    value text not null,
    label text,
    primary key (customer_id, position),
    unique (customer_id, kind, value)
  )`,
  `create index customer_identities_by_value on customer_identities (kind, value)`,
  `create table customer_accounts (
    customer_id text not null references customers on delete cascade,
    position smallint not null,
    number text not null,
    key text not null,
    name text,
    primary key (customer_id, position),
    unique (customer_id, key)
  )`,
  `create index customer_accounts_by_key on customer_accounts (key)`,

  `create table interactions (
    id text primary key,
    channel text not null,
    direction text not null,
    started_at timestamptz(3) not null,
    ended_at timestamptz(3) not null,
    outcome text not null,
    from_uri text not null,
    from_number text,
    from_name text,
    to_uri text not null,
    to_number text,
    language text,
    customer_id text,
    candidates jsonb,
    flow_name text,
    flow_hash text,
    path jsonb not null,
    data jsonb not null,
    disposition text,
    notes text,
    media jsonb
  )`,
  `create index interactions_by_customer on interactions (customer_id, started_at desc, id desc)
    where customer_id is not null`,
  `create index interactions_by_start on interactions (started_at)`,
  `create table interaction_segments (
    interaction_id text not null,
    position smallint not null,
    kind text not null,
    started_at timestamptz(3) not null,
    ended_at timestamptz(3) not null,
    queue text,
    agent text,
    offer text,
    result text not null,
    media jsonb,
    primary key (interaction_id, position)
  )`,
  `create table offer_explanations (
    offer text primary key,
    interaction_id text not null,
    why jsonb not null
  )`,
  `create index offer_explanations_by_interaction on offer_explanations (interaction_id)`,

  `create table voicemails (
    id text primary key,
    mailbox text not null,
    interaction_id text not null,
    file text not null,
    duration_ms integer not null,
    from_number text,
    customer_id text,
    left_at timestamptz(3) not null,
    heard_at timestamptz(3),
    heard_by text,
    handled_at timestamptz(3),
    handled_by text
  )`,
  `create index voicemails_by_mailbox on voicemails (mailbox, left_at desc)`,

  `create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz(3) not null,
    actor text not null,
    action text not null,
    entity text not null,
    entity_id text not null,
    before jsonb,
    after jsonb
  )`,
  `create index audit_log_by_entity on audit_log (entity, entity_id, id desc)`,
]

export const first = { up: (database: Kysely<unknown>) => runStatements(database, statements) }
