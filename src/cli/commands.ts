import { agentSkills } from './agent-skills.ts'
import { centerCheck } from './center-check.ts'
import { centerHistory } from './center-history.ts'
import { centerPublish } from './center-publish.ts'
import { centerRollback } from './center-rollback.ts'
import { centerShow } from './center-show.ts'
import type { Command } from './command.ts'
import { flowCheck } from './flow-check.ts'
import { flowSchema } from './flow-schema.ts'
import { init } from './init.ts'
import { phoneAgent } from './phone-agent.ts'
import { phoneCall } from './phone-call.ts'
import { promptsRender } from './prompts-render.ts'
import { replay } from './replay.ts'
import { simulateCenter } from './simulate-center.ts'
import { start } from './start.ts'
import { trace } from './trace.ts'
import { userAdd } from './user-add.ts'
import { userDisable, userEnable } from './user-enabled.ts'
import { userList } from './user-list.ts'
import { userPasswd } from './user-passwd.ts'
import { userPhone } from './user-phone.ts'
import { whatif } from './whatif.ts'
import { why } from './why.ts'

/** Every command, in the order of the overview. */
export const commands: readonly Command[] = [
  start,
  init,
  phoneCall,
  phoneAgent,
  trace,
  why,
  centerCheck,
  centerShow,
  centerPublish,
  centerHistory,
  centerRollback,
  flowCheck,
  flowSchema,
  promptsRender,
  simulateCenter,
  replay,
  whatif,
  userAdd,
  userPasswd,
  userDisable,
  userEnable,
  userList,
  userPhone,
  agentSkills,
]
