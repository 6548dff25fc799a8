/** In which language the console speaks, and how it writes numbers and times in it. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'
import { en, type Messages } from './en.ts'

export const languages = { en: 'English', zh: '简体中文' } as const
export type Language = keyof typeof languages

const place = 'keystead-language'
const locales: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' }
const loaders: Record<Language, () => Promise<Messages>> = {
  en: async () => en,
  zh: async () => (await import('./zh.ts')).zh,
}

export const preferredLanguage = (): Language => {
  const kept = localStorage.getItem(place)
  if (kept === 'en' || kept === 'zh') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export const loadMessages = (language: Language): Promise<Messages> => loaders[language]()

export interface Speech {
  readonly language: Language
  readonly text: Messages
  choose(language: Language): void
  number(value: number): string
  /** Exact, in the person's own time zone. */
  time(at: string): string
  /** Such as "3 days ago". */
  relative(at: string, now: number): string
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

const relativeTo = (format: Intl.RelativeTimeFormat, seconds: number): string => {
  for (const [unit, size] of steps)
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  return format.format(Math.trunc(seconds), 'second')
}

const speechOf = (language: Language, text: Messages, choose: (language: Language) => void): Speech => {
  const locale = locales[language]
  const numbers = new Intl.NumberFormat(locale)
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const relatives = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  return {
    language,
    text,
    choose,
    number: (value) => numbers.format(value),
    time: (at) => times.format(new Date(at)),
    relative: (at, now) => relativeTo(relatives, (Date.parse(at) - now) / 1000),
  }
}

const Context = createContext<Speech | undefined>(undefined)

export const useSpeech = (): Speech => {
  const speech = use(Context)
  if (!speech) throw new Error('outside of the language')
  return speech
}

export const useText = (): Messages => useSpeech().text

interface Props {
  readonly first: { readonly language: Language; readonly text: Messages }
  readonly children: ReactNode
}

export const Speaking = ({ first, children }: Props) => {
  const [{ language, text }, set] = useState(first)
  useEffect(() => {
    document.documentElement.lang = locales[language]
  }, [language])
  const speech = useMemo(() => {
    const choose = async (wanted: Language) => {
      const words = await loadMessages(wanted)
      localStorage.setItem(place, wanted)
      set({ language: wanted, text: words })
    }
    return speechOf(language, text, (wanted) => void choose(wanted))
  }, [language, text])
  return <Context value={speech}>{children}</Context>
}
