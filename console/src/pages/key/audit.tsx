import type { KeyDetail } from '../../api/actions.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { Entries } from '../../parts/entries.tsx'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/language.tsx'

export const KeyAudit = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { audit } = useText()
  return (
    <Section
      title={audit.ofKey}
      actions={
        <ButtonLink to="/audit" search={{ key: key.id }} size="compact-sm" variant="default">
          {audit.explore}
        </ButtonLink>
      }
    >
      <Entries asked={{ key: key.id }} />
    </Section>
  )
}
