import { expect, expectTypeOf, test } from 'vitest'
import type {
  AgentView,
  Candidate as EngineCandidate,
  Explanation as EngineExplanation,
} from '../../../src/acd/contract.ts'
import * as contract from '../../../src/api/contract/index.ts'
import type { Interaction as Record } from '../../../src/call/interaction.ts'
import type { Customer as CrmCustomer } from '../../../src/crm/customer.ts'
import type { TimelineEntry as CrmTimelineEntry } from '../../../src/crm/timeline.ts'
import type { FloorEvent, WrapUp as FloorWrapUp, LiveContact, LiveQueue } from '../../../src/runtime/floor.ts'

test('what the parts say has a place in the contract, field by field', () => {
  expectTypeOf<keyof AgentView>().toEqualTypeOf<Exclude<keyof contract.Agent | 'agent', 'id' | 'name'>>()
  expectTypeOf<keyof LiveQueue>().toEqualTypeOf<Exclude<keyof contract.Queue | 'queue', 'id'>>()
  expectTypeOf<keyof LiveContact>().toEqualTypeOf<keyof contract.Contact>()
  expectTypeOf<keyof FloorWrapUp>().toEqualTypeOf<keyof contract.WrapUp>()
  expectTypeOf<keyof CrmCustomer>().toEqualTypeOf<keyof contract.Customer>()
  expectTypeOf<keyof CrmTimelineEntry>().toEqualTypeOf<keyof contract.TimelineEntry>()
  expectTypeOf<keyof EngineExplanation>().toEqualTypeOf<keyof contract.Explanation>()
  expectTypeOf<keyof Extract<EngineCandidate, { reason: string }>>().toEqualTypeOf<
    Exclude<keyof contract.Candidate, 'name'>
  >()
  expectTypeOf<Record>().toExtend<contract.Interaction>()
  expectTypeOf<keyof Record>().toEqualTypeOf<keyof contract.Interaction>()
  expectTypeOf<keyof Record['segments'][number]>().toEqualTypeOf<keyof contract.Segment>()
  expectTypeOf<FloorEvent['type']>().toExtend<contract.LiveMessageType>()
})

test('every named schema has a name of its own', () => {
  const names = Object.values(contract).flatMap((value) =>
    typeof value === 'object' && '$id' in value ? [value.$id] : [],
  )
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('LiveMessage')
})
