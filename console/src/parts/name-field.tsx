import { TextInput } from '@mantine/core'

interface Props {
  /** `name` and `nameWhy` of what is named. */
  readonly text: { readonly name: string; readonly nameWhy: string }
  readonly value: string
  onName(name: string): void
}

/** What something new is called; the first field of its window. */
export const NameField = ({ text, value, onName }: Props) => (
  <TextInput
    label={text.name}
    description={text.nameWhy}
    required
    maxLength={64}
    data-autofocus
    value={value}
    onChange={(event) => onName(event.currentTarget.value)}
  />
)
