import { ActionIcon, Button, Fieldset, Group, Stack, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { Tag } from '../api/actions.ts'
import { useText } from '../text/language.tsx'

interface Props {
  readonly tags: readonly Tag[]
  onChange(tags: Tag[]): void
}

export const TagFields = ({ tags, onChange }: Props) => {
  const { tags: text } = useText()
  const put = (index: number, part: Partial<Tag>) =>
    onChange(tags.map((tag, each) => (each === index ? { ...tag, ...part } : tag)))
  return (
    <Fieldset legend={text.title} variant="unstyled">
      <Stack gap="xs">
        {tags.map((tag, index) => (
          <Group key={index} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={text.key}
              placeholder={text.key}
              value={tag.key}
              onChange={({ currentTarget }) => put(index, { key: currentTarget.value })}
            />
            <TextInput
              aria-label={text.value}
              placeholder={text.value}
              value={tag.value}
              onChange={({ currentTarget }) => put(index, { value: currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={text.remove}
              onClick={() => onChange(tags.filter((_, each) => each !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="compact-sm"
          style={{ alignSelf: 'flex-start' }}
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...tags, { key: '', value: '' }])}
        >
          {text.add}
        </Button>
      </Stack>
    </Fieldset>
  )
}
