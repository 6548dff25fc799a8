/** Three short steps: what for, how it is called and kept, and what will be made. */
import {
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Paper,
  Radio,
  Stack,
  Stepper,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import {
  type Algorithm,
  type Asked,
  type KeyOrigin,
  type KeyUsage,
  keyOrigins,
  keyUsages,
  type Tag,
} from '../api/actions.ts'
import { useChange } from '../api/use.ts'
import { Facts, Page } from '../parts/page.tsx'
import { ProblemNote } from '../parts/states.tsx'
import { TagFields } from '../parts/tag-fields.tsx'
import { tell } from '../parts/told.ts'
import { useText } from '../text/language.tsx'

const algorithms: Record<KeyUsage, readonly [Algorithm, ...Algorithm[]]> = {
  encryptDecrypt: ['aes-256', 'sm4', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'sm2', 'ml-kem-1024'],
  signVerify: [
    'ec-p256',
    'ec-p384',
    'ec-secp256k1',
    'ed25519',
    'rsa-2048',
    'rsa-3072',
    'rsa-4096',
    'sm2',
    'ml-dsa-44',
    'ml-dsa-65',
    'ml-dsa-87',
  ],
  generateVerifyMac: ['hmac-sha256', 'hmac-sha384', 'hmac-sha512', 'hmac-sm3'],
  keyAgreement: ['ec-p256', 'ec-p384', 'ec-p521', 'ec-secp256k1', 'sm2'],
}

/** Only these have versions that follow each other. */
const canImport = (algorithm: string): boolean => /^(?:aes|sm4|rsa|ec-|sm2)/.test(algorithm)

const rotates = (algorithm: string): boolean => algorithm === 'aes-256' || algorithm === 'sm4'

interface Wish {
  usage: KeyUsage
  algorithm: Algorithm
  origin: KeyOrigin
  name: string
  description: string
  rotation: boolean
  periodDays: number
  tags: Tag[]
}

const first: Wish = {
  usage: 'encryptDecrypt',
  algorithm: 'aes-256',
  origin: 'generated',
  name: '',
  description: '',
  rotation: false,
  periodDays: 365,
  tags: [],
}

const willRotate = ({ rotation, algorithm, origin }: Wish): boolean =>
  rotation && rotates(algorithm) && origin === 'generated'

const askedOf = (wish: Wish): Asked<'key-create'> => ({
  name: wish.name.trim(),
  ...(wish.description.trim() ? { description: wish.description.trim() } : {}),
  usage: wish.usage,
  algorithm: wish.algorithm,
  origin: wish.origin,
  ...(willRotate(wish) ? { rotation: { enabled: true, periodDays: wish.periodDays } } : {}),
  ...(wish.tags.length > 0 ? { tags: wish.tags } : {}),
})

interface StepProps {
  readonly wish: Wish
  change(part: Partial<Wish>): void
}

const WhatFor = ({ wish, change }: StepProps) => {
  const { create, keyUsages: usages, keyOrigins: origins } = useText()
  const choose = (usage: KeyUsage, algorithm: Algorithm) =>
    change({ usage, algorithm, origin: canImport(algorithm) ? wish.origin : 'generated' })
  return (
    <Stack>
      <Radio.Group
        label={create.usage}
        value={wish.usage}
        onChange={(usage) => choose(usage as KeyUsage, algorithms[usage as KeyUsage][0])}
      >
        <Stack gap="xs" mt="xs">
          {keyUsages.map((usage) => (
            <Radio key={usage} value={usage} label={usages[usage]} description={create.usageWhy[usage]} />
          ))}
        </Stack>
      </Radio.Group>
      <NativeSelect
        label={create.algorithm}
        value={wish.algorithm}
        data={[...algorithms[wish.usage]]}
        onChange={({ currentTarget }) => choose(wish.usage, currentTarget.value as Algorithm)}
      />
      <Radio.Group
        label={create.origin}
        value={wish.origin}
        onChange={(origin) => change({ origin: origin as KeyOrigin })}
      >
        <Stack gap="xs" mt="xs">
          {keyOrigins.map((origin) => (
            <Radio
              key={origin}
              value={origin}
              label={origins[origin]}
              description={create.originWhy[origin]}
              disabled={origin === 'imported' && !canImport(wish.algorithm)}
            />
          ))}
        </Stack>
      </Radio.Group>
    </Stack>
  )
}

const Named = ({ wish, change }: StepProps) => {
  const { create } = useText()
  return (
    <Stack>
      <TextInput
        label={create.name}
        description={create.nameWhy}
        required
        maxLength={60}
        value={wish.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
      />
      <TextInput
        label={create.description}
        maxLength={1024}
        value={wish.description}
        onChange={({ currentTarget }) => change({ description: currentTarget.value })}
      />
      {rotates(wish.algorithm) && wish.origin === 'generated' ? (
        <>
          <Switch
            label={create.rotation}
            description={create.rotationWhy}
            checked={wish.rotation}
            onChange={({ currentTarget }) => change({ rotation: currentTarget.checked })}
          />
          {wish.rotation ? (
            <NumberInput
              label={create.period}
              min={7}
              max={3650}
              value={wish.periodDays}
              onChange={(days) => change({ periodDays: Number(days) })}
            />
          ) : null}
        </>
      ) : null}
      <TagFields tags={wish.tags} onChange={(tags) => change({ tags })} />
    </Stack>
  )
}

const Summary = ({ wish }: { readonly wish: Wish }) => {
  const { create, common, keyUsages: usages, keyOrigins: origins } = useText()
  return (
    <Stack>
      <Facts
        rows={[
          [create.name, wish.name],
          [create.description, wish.description || common.none],
          [create.usage, usages[wish.usage]],
          [
            create.algorithm,
            <span key="algorithm" className="mono">
              {wish.algorithm}
            </span>,
          ],
          [create.origin, origins[wish.origin]],
          [create.rotation, willRotate(wish) ? create.everyDays(wish.periodDays) : common.off],
          [create.tags, wish.tags.map(({ key, value }) => `${key}=${value}`).join(', ') || common.none],
        ]}
      />
      <Text size="sm" c="dimmed">
        {wish.origin === 'imported' ? create.thenImport : create.thenUse}
      </Text>
    </Stack>
  )
}

export const CreateKeyPage = () => {
  const { create, common } = useText()
  const navigate = useNavigate()
  const [step, go] = useState(0)
  const [wish, set] = useState(first)
  const creating = useChange('key-create')
  const change = (part: Partial<Wish>) => set({ ...wish, ...part })
  const make = () =>
    creating.mutate(
      { asked: askedOf(wish) },
      {
        onSuccess: ({ key }) => {
          tell(create.done(key.name))
          const to = wish.origin === 'imported' ? '/keys/$key/import' : '/keys/$key'
          void navigate({ to, params: { key: key.id } })
        },
      },
    )
  return (
    <Page title={create.title} about={create.about}>
      <Paper maw={760} p="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (step < 2) go(step + 1)
            else make()
          }}
        >
          <Stepper active={step} onStepClick={go} allowNextStepsSelect={false} size="sm" mb="lg">
            <Stepper.Step label={create.stepUsage} />
            <Stepper.Step label={create.stepName} />
            <Stepper.Step label={create.stepCheck} />
          </Stepper>
          {step === 0 ? <WhatFor wish={wish} change={change} /> : null}
          {step === 1 ? <Named wish={wish} change={change} /> : null}
          {step === 2 ? <Summary wish={wish} /> : null}
          {creating.error ? <ProblemNote problem={creating.error} /> : null}
          <Group justify="flex-end" mt="lg">
            {step > 0 ? (
              <Button variant="default" onClick={() => go(step - 1)}>
                {common.back}
              </Button>
            ) : null}
            <Button type="submit" loading={creating.isPending} disabled={step === 1 && wish.name.trim() === ''}>
              {step < 2 ? common.next : create.make}
            </Button>
          </Group>
        </form>
      </Paper>
    </Page>
  )
}
