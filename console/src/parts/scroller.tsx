import type { ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}

/** What may be wider than the page. Whoever has no mouse scrolls it by its arrows, so it can be reached. */
export const Scroller = ({ label, className, children }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
  <section className={className} style={{ overflowX: 'auto', flex: 1, minWidth: 0 }} tabIndex={0} aria-label={label}>
    {children}
  </section>
)
