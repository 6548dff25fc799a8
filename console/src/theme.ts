/** How it all looks: one quiet colour, text that everybody can read, and the same measures everywhere. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const harbour: MantineColorsTuple = [
  '#eef7f7',
  '#dcecec',
  '#b5d9d9',
  '#8ac4c6',
  '#63b0b4',
  '#469fa5',
  '#338890',
  '#256f78',
  '#1d5c63',
  '#134a50',
]

const mono = 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace'
const sans =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

export const theme = createTheme({
  colors: { harbour },
  primaryColor: 'harbour',
  primaryShade: { light: 8, dark: 7 },
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: {
    fontFamily: sans,
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' }, h3: { fontSize: '1rem' } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Paper: { defaultProps: { withBorder: true, p: 'md' } },
    Table: { defaultProps: { verticalSpacing: 'xs' } },
    Modal: { defaultProps: { centered: true, radius: 'md' } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
  },
})

/** Dimmed text and placeholders have the contrast of WCAG AA too. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#58616a',
    '--mantine-color-placeholder': '#636c75',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#1d5c63',
    '--mantine-color-yellow-light-color': '#6f4600',
    '--mantine-color-red-light-color': '#a11a12',
    '--surface': '#f7f9f9',
    '--nav-hover': '#e9efef',
    '--nav-active': '#dcecec',
    '--nav-active-text': '#134a50',
    '--dot-border': '#58616a',
    '--danger-border': '#e6a8a3',
    '--code-surface': '#f0f4f4',
  },
  dark: {
    '--mantine-color-dimmed': '#a6adb4',
    '--mantine-color-placeholder': '#9aa1a8',
    '--mantine-color-error': '#ff8d85',
    '--mantine-color-anchor': '#8ac4c6',
    '--surface': '#1b1d1f',
    '--nav-hover': '#2a2d30',
    '--nav-active': '#173c41',
    '--nav-active-text': '#b5d9d9',
    '--dot-border': '#a6adb4',
    '--danger-border': '#7a2f2a',
    '--code-surface': '#16181a',
  },
})
