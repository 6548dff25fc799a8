import type { KeyState } from '../api/actions.ts'
import { useText } from '../text/language.tsx'

const tones: Record<KeyState, 'good' | 'waiting' | 'bad' | 'quiet'> = {
  preActive: 'waiting',
  active: 'good',
  suspended: 'waiting',
  deactivated: 'quiet',
  destructionScheduled: 'bad',
  destroyed: 'quiet',
}

export const StateOf = ({ state }: { readonly state: KeyState }) => {
  const { keyStates } = useText()
  return (
    <span className="state" data-tone={tones[state]}>
      {keyStates[state]}
    </span>
  )
}
