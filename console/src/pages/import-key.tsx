/** Brings own material into a key: the wrapping key out, the wrapped material in, with the commands between them. */
import { Alert, Button, Group, NativeSelect, Paper, Stack, Stepper, Text, Textarea, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Answered, Key, Wrapping } from '../api/actions.ts'
import { useAsk, useChange, useRead } from '../api/use.ts'
import { Code } from '../parts/copy.tsx'
import { Page } from '../parts/page.tsx'
import { ProblemNote, Ready } from '../parts/states.tsx'
import { tell } from '../parts/told.ts'
import { When } from '../parts/when.tsx'
import { importRoute } from '../router.tsx'
import { useText } from '../text/language.tsx'

type Prepared = Answered<'key-import-prepare'>

const wrappings = ['oaepSha256', 'oaepSha1', 'sm2'] as const satisfies readonly Wrapping[]

const bytesOf = (algorithm: string): number | undefined => {
  if (algorithm === 'aes-256' || algorithm === 'hmac-sha256') return 32
  if (algorithm === 'sm4') return 16
  return undefined
}

const materialCommand = ({ algorithm }: Key): string => {
  const bytes = bytesOf(algorithm)
  return bytes === undefined ? '# material.bin: PKCS#8, DER' : `openssl rand -out material.bin ${bytes}`
}

const wrapCommand = (wrapping: Wrapping): string => {
  const digest = wrapping === 'oaepSha1' ? 'sha1' : 'sha256'
  return wrapping === 'sm2'
    ? 'openssl pkeyutl -encrypt -pubin -inkey wrapping.pem -in material.bin | base64 -w 0 > wrapped.txt'
    : `openssl pkeyutl -encrypt -pubin -inkey wrapping.pem -in material.bin \\
  -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:${digest} -pkeyopt rsa_mgf1_md:${digest} \\
  | base64 -w 0 > wrapped.txt`
}

const saveCommand = ({ wrappingKey }: Prepared): string => `cat > wrapping.pem <<'END'\n${wrappingKey.trim()}\nEND`

interface PrepareProps {
  readonly of: Key
  readonly wrapping: Wrapping
  choose(wrapping: Wrapping): void
  onPrepared(prepared: Prepared): void
}

const Prepare = ({ of: key, wrapping, choose, onPrepared }: PrepareProps) => {
  const { bring } = useText()
  const asking = useAsk('key-import-prepare')
  return (
    <Stack>
      <Text size="sm">{bring.prepareWhy}</Text>
      <NativeSelect
        label={bring.wrapping}
        value={wrapping}
        data={[...wrappings]}
        onChange={(event) => choose(event.currentTarget.value as Wrapping)}
      />
      {asking.error ? <ProblemNote problem={asking.error} /> : null}
      <Group justify="flex-end">
        <Button
          loading={asking.isPending}
          onClick={() => asking.mutate({ key: key.id, wrapping }, { onSuccess: onPrepared })}
        >
          {bring.prepare}
        </Button>
      </Group>
    </Stack>
  )
}

interface WrapProps {
  readonly of: Key
  readonly wrapping: Wrapping
  readonly prepared: Prepared
  onNext(): void
}

const Wrap = ({ of: key, wrapping, prepared, onNext }: WrapProps) => {
  const { bring, common } = useText()
  return (
    <Stack>
      <Text size="sm">
        {bring.until} <When at={prepared.expiresAt} />
      </Text>
      <Text size="sm">{bring.save}</Text>
      <Code value={saveCommand(prepared)} what={bring.save} />
      <Text size="sm">{bring.material}</Text>
      <Code value={materialCommand(key)} what={bring.material} />
      <Text size="sm">{bring.wrap}</Text>
      <Code value={wrapCommand(wrapping)} what={bring.wrap} />
      <Alert color="yellow">{bring.keep}</Alert>
      <Group justify="flex-end">
        <Button onClick={onNext}>{common.next}</Button>
      </Group>
    </Stack>
  )
}

const Upload = ({ of: key, prepared }: { readonly of: Key; readonly prepared: Prepared }) => {
  const { bring } = useText()
  const navigate = useNavigate()
  const [wrapped, setWrapped] = useState('')
  const [end, setEnd] = useState('')
  const importing = useChange('key-import')
  const send = () =>
    importing.mutate(
      {
        asked: {
          key: key.id,
          ticket: prepared.ticket,
          wrapped: wrapped.replaceAll(/\s/g, ''),
          ...(end ? { expiresAt: new Date(end).toISOString() } : {}),
        },
      },
      {
        onSuccess: () => {
          tell(bring.done)
          void navigate({ to: '/keys/$key', params: { key: key.id } })
        },
      },
    )
  return (
    <Stack>
      <Textarea
        label={bring.wrapped}
        description={bring.wrappedWhy}
        classNames={{ input: 'mono' }}
        minRows={4}
        autosize
        maxRows={10}
        spellCheck={false}
        value={wrapped}
        onChange={(event) => setWrapped(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={bring.end}
        description={bring.endWhy}
        value={end}
        onChange={(event) => setEnd(event.currentTarget.value)}
      />
      {importing.error ? <ProblemNote problem={importing.error} /> : null}
      <Group justify="flex-end">
        <Button disabled={wrapped.trim() === ''} loading={importing.isPending} onClick={send}>
          {bring.go}
        </Button>
      </Group>
    </Stack>
  )
}

const Wizard = ({ of: key }: { readonly of: Key }) => {
  const { bring } = useText()
  const [step, go] = useState(0)
  const [wrapping, choose] = useState<Wrapping>(wrappings[0])
  const [prepared, keep] = useState<Prepared>()
  const onPrepared = (made: Prepared) => {
    keep(made)
    go(1)
  }
  return (
    <Paper maw={860} p="lg">
      <Stepper active={step} onStepClick={go} allowNextStepsSelect={false} size="sm" mb="lg">
        <Stepper.Step label={bring.stepPrepare} />
        <Stepper.Step label={bring.stepWrap} />
        <Stepper.Step label={bring.stepImport} />
      </Stepper>
      {step === 0 ? <Prepare of={key} wrapping={wrapping} choose={choose} onPrepared={onPrepared} /> : null}
      {step === 1 && prepared ? <Wrap of={key} wrapping={wrapping} prepared={prepared} onNext={() => go(2)} /> : null}
      {step === 2 && prepared ? <Upload of={key} prepared={prepared} /> : null}
    </Paper>
  )
}

export const ImportKeyPage = () => {
  const { bring } = useText()
  const { key } = importRoute.useParams()
  const read = useRead('key-show', { key })
  return (
    <Ready of={read}>
      {(detail) => (
        <Page title={bring.title(detail.key.name)} about={bring.about}>
          <Link to="/keys/$key" params={{ key }}>
            {bring.backToKey}
          </Link>
          <Wizard of={detail.key} />
        </Page>
      )}
    </Ready>
  )
}
