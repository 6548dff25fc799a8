/** Cryptography by hand: for a look whether a key does what it should, not for data that matters every day. */
import { Button, NativeSelect, SimpleGrid, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Key, KeyDetail, Scheme } from '../../api/actions.ts'
import type { Problem } from '../../api/call.ts'
import { useAsk } from '../../api/use.ts'
import { base64ToText, textToBase64 } from '../../bytes.ts'
import { Code } from '../../parts/copy.tsx'
import { Section } from '../../parts/page.tsx'
import { Empty, ProblemNote } from '../../parts/states.tsx'
import { useText } from '../../text/language.tsx'
import { schemesOf } from './schemes.ts'

interface OfKey {
  readonly of: Key
}

interface ToolProps {
  readonly title: string
  readonly about?: string
  readonly go: string
  readonly ready: boolean
  readonly asking: { isPending: boolean; error: Problem | null }
  readonly children: ReactNode
  readonly answer?: ReactNode
  run(): void
}

const Tool = ({ title, about, go, ready, asking, children, answer, run }: ToolProps) => {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    run()
  }
  return (
    <Section title={title} {...(about === undefined ? {} : { about })}>
      <form onSubmit={submit}>
        <Stack>
          {children}
          <Button type="submit" disabled={!ready} loading={asking.isPending} style={{ alignSelf: 'flex-start' }}>
            {go}
          </Button>
          {asking.error ? <ProblemNote problem={asking.error} /> : null}
          <div aria-live="polite">{answer}</div>
        </Stack>
      </form>
    </Section>
  )
}

interface AreaProps {
  readonly label: string
  readonly value: string
  readonly mono?: boolean
  set(value: string): void
}

const Area = ({ label, value, mono, set }: AreaProps) => (
  <Textarea
    label={label}
    value={value}
    autosize
    minRows={2}
    maxRows={8}
    spellCheck={false}
    {...(mono ? { classNames: { input: 'mono' } } : {})}
    onChange={(event) => set(event.currentTarget.value)}
  />
)

/** `name=value` in each line. */
const contextOf = (text: string): { context?: Record<string, string> } => {
  const lines = text.split('\n').filter((line) => line.includes('='))
  if (lines.length === 0) return {}
  return {
    context: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
    ),
  }
}

const Context = ({ value, set }: { readonly value: string; set(value: string): void }) => {
  const { crypto } = useText()
  return (
    <Textarea
      label={crypto.context}
      description={crypto.contextWhy}
      placeholder="purpose=demo"
      value={value}
      autosize
      minRows={1}
      onChange={(event) => set(event.currentTarget.value)}
    />
  )
}

const Encrypt = ({ of: key }: OfKey) => {
  const { crypto } = useText()
  const [plaintext, setPlaintext] = useState('')
  const [context, setContext] = useState('')
  const asking = useAsk('encrypt')
  return (
    <Tool
      title={crypto.encrypt}
      go={crypto.encrypt}
      ready={plaintext !== ''}
      asking={asking}
      run={() => asking.mutate({ key: key.id, plaintext: textToBase64(plaintext), ...contextOf(context) })}
      answer={asking.data ? <Code value={asking.data.ciphertext} what={crypto.ciphertext} /> : null}
    >
      <Area label={crypto.plaintext} value={plaintext} set={setPlaintext} />
      <Context value={context} set={setContext} />
    </Tool>
  )
}

const Plain = ({ base64 }: { readonly base64: string }) => {
  const { crypto } = useText()
  const text = base64ToText(base64)
  return (
    <Stack gap={4}>
      {text === undefined ? (
        <Text size="sm" c="dimmed">
          {crypto.notText}
        </Text>
      ) : null}
      <Code value={text ?? base64} what={crypto.plaintext} />
    </Stack>
  )
}

const Decrypt = () => {
  const { crypto } = useText()
  const [ciphertext, setCiphertext] = useState('')
  const [context, setContext] = useState('')
  const asking = useAsk('decrypt')
  return (
    <Tool
      title={crypto.decrypt}
      go={crypto.decrypt}
      ready={ciphertext.trim() !== ''}
      asking={asking}
      run={() => asking.mutate({ ciphertext: ciphertext.trim(), ...contextOf(context) })}
      answer={asking.data ? <Plain base64={asking.data.plaintext} /> : null}
    >
      <Area label={crypto.ciphertext} value={ciphertext} set={setCiphertext} mono />
      <Context value={context} set={setContext} />
    </Tool>
  )
}

const Valid = ({ valid }: { readonly valid: boolean }) => {
  const { crypto } = useText()
  return (
    <Text fw={600} c={valid ? 'var(--mantine-color-anchor)' : 'var(--mantine-color-error)'}>
      {valid ? crypto.valid : crypto.invalid}
    </Text>
  )
}

const Sign = ({ of: key }: OfKey) => {
  const { crypto } = useText()
  const schemes = schemesOf(key.algorithm)
  const [message, setMessage] = useState('')
  const [signature, setSignature] = useState('')
  const [scheme, choose] = useState<Scheme>(schemes[0] ?? 'rsaPssSha256')
  const signing = useAsk('sign')
  const verifying = useAsk('verify')
  const base64 = textToBase64(message)
  const Scheme = () => (
    <NativeSelect
      label={crypto.scheme}
      value={scheme}
      data={schemes}
      onChange={(event) => choose(event.currentTarget.value as Scheme)}
    />
  )
  return (
    <>
      <Tool
        title={crypto.sign}
        go={crypto.sign}
        ready={message !== ''}
        asking={signing}
        run={() =>
          signing.mutate(
            { key: key.id, message: base64, scheme },
            { onSuccess: (made) => setSignature(made.signature) },
          )
        }
        answer={signing.data ? <Code value={signing.data.signature} what={crypto.signature} /> : null}
      >
        <Area label={crypto.message} value={message} set={setMessage} />
        {Scheme()}
      </Tool>
      <Tool
        title={crypto.verify}
        go={crypto.verify}
        ready={message !== '' && signature !== ''}
        asking={verifying}
        run={() => verifying.mutate({ key: key.id, message: base64, scheme, signature: signature.trim() })}
        answer={verifying.data ? <Valid valid={verifying.data.valid} /> : null}
      >
        <Area label={crypto.message} value={message} set={setMessage} />
        <Area label={crypto.signature} value={signature} set={setSignature} mono />
      </Tool>
    </>
  )
}

const Mac = ({ of: key }: OfKey) => {
  const { crypto } = useText()
  const [message, setMessage] = useState('')
  const [mac, setMac] = useState('')
  const making = useAsk('mac')
  const verifying = useAsk('verify-mac')
  const base64 = textToBase64(message)
  return (
    <>
      <Tool
        title={crypto.mac}
        go={crypto.mac}
        ready={message !== ''}
        asking={making}
        run={() => making.mutate({ key: key.id, message: base64 }, { onSuccess: (made) => setMac(made.mac) })}
        answer={making.data ? <Code value={making.data.mac} what="MAC" /> : null}
      >
        <Area label={crypto.message} value={message} set={setMessage} />
      </Tool>
      <Tool
        title={crypto.verify}
        go={crypto.verify}
        ready={message !== '' && mac !== ''}
        asking={verifying}
        run={() => verifying.mutate({ key: key.id, message: base64, mac: mac.trim() })}
        answer={verifying.data ? <Valid valid={verifying.data.valid} /> : null}
      >
        <Area label={crypto.message} value={message} set={setMessage} />
        <Area label="MAC" value={mac} set={setMac} mono />
      </Tool>
    </>
  )
}

export const Crypto = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { crypto } = useText()
  if (key.usage === 'keyAgreement') return <Empty title={crypto.notByHand}>{crypto.notByHandWhy}</Empty>
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {crypto.about}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
        {key.usage === 'encryptDecrypt' ? (
          <>
            <Encrypt of={key} />
            <Decrypt />
          </>
        ) : null}
        {key.usage === 'signVerify' ? <Sign of={key} /> : null}
        {key.usage === 'generateVerifyMac' ? <Mac of={key} /> : null}
      </SimpleGrid>
    </Stack>
  )
}
