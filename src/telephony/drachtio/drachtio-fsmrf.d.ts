/** What we use of drachtio-fsmrf 4.1.2, which has no types of its own. Values that come from FreeSWITCH are `unknown`. */
declare module 'drachtio-fsmrf' {
  import type { EventEmitter } from 'node:events'
  import type { Socket } from 'node:net'
  import type Srf from 'drachtio-srf'

  namespace Mrf {
    interface ConnectOptions {
      readonly address: string
      readonly port: number
      readonly secret: string
      /** Where it listens for the sockets that FreeSWITCH opens, one per endpoint. */
      readonly listenAddress: string
      readonly advertisedAddress?: string
      readonly profile: string
    }

    interface EslEvent {
      getHeader(name: string): unknown
      getBody(): unknown
    }

    interface EslConnection {
      readonly socket: Socket | null
      on(event: string, listener: (event: EslEvent) => void): void
      /** @param events names, with spaces between */
      subscribe(events: string): void
    }

    /** Emits `end` when its event socket is gone. */
    interface MediaServer extends EventEmitter {
      readonly conn: EslConnection
      api(command: string): Promise<unknown>
      createEndpoint(options: { readonly remoteSdp?: string }): Promise<Endpoint>
      disconnect(): void
    }

    /** Emits `dtmf`, `playback-start`, and `destroy` when its channel or its event socket is gone. */
    interface Endpoint extends EventEmitter {
      readonly uuid: unknown
      readonly local: { readonly sdp?: unknown }
      /** null once its event socket is gone. */
      readonly conn: EslConnection | null
      readonly dialog: Srf.Dialog
      api(command: string, args: string): Promise<EslEvent>
      /** Settles when the application has ended. */
      execute(application: string, argument: string): Promise<EslEvent>
    }
  }

  class Mrf {
    constructor(srf: Srf)
    /** Calls back at the first failure, and again if the connection that it goes on trying comes about. */
    connect(
      options: Mrf.ConnectOptions,
      callback: (error: Error | null, mediaServer?: Mrf.MediaServer) => void,
    ): void
  }

  export default Mrf
}
