/** Charts as SVG, for pages that load nothing from anywhere. */

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export interface Bar {
  readonly label: string
  readonly value: number
  /** What is beside it; shown as a second, paler bar. */
  readonly beside?: number
  /** At its end. */
  readonly told: string
}

const [width, labelWidth, toldWidth, barHeight] = [960, 330, 130, 22]

/** Horizontal bars, one below the other. */
export const bars = (all: readonly Bar[]): string => {
  const most = Math.max(1e-9, ...all.flatMap(({ value, beside = 0 }) => [value, beside]))
  const long = (value: number) => ((width - labelWidth - toldWidth) * value) / most
  const rows = all.map(({ label, value, beside, told }, at) => {
    const y = at * barHeight
    const pale =
      beside === undefined
        ? ''
        : `<rect x="${labelWidth}" y="${y + 13}" width="${long(beside)}" height="4" class="floor"/>`
    return `<text x="${labelWidth - 8}" y="${y + 13}" class="label">${escaped(label)}</text>
<rect x="${labelWidth}" y="${y + 3}" width="${long(value)}" height="10" class="bar"/>${pale}
<text x="${labelWidth + long(value) + 6}" y="${y + 13}">${escaped(told)}</text>`
  })
  return `<svg viewBox="0 0 ${width} ${all.length * barHeight + 6}">${rows.join('\n')}</svg>`
}

export interface Line {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

const [plotHeight, left, bottom, top] = [220, 70, 34, 12]
const colours = ['#0b6bcb', '#c2410c', '#15803d', '#7c3aed']

/** A round number that is at least so much. */
const roundUp = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)))
  return [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= value) ?? value
}

const figure = (value: number): string => (value >= 10 ? value.toFixed(0) : String(Number(value.toPrecision(2))))

/** Lines over one axis of x, from 0 on both. */
export const lines = (all: readonly Line[], xName: string, yName: string): string => {
  const points = all.flatMap((line) => line.points).filter(([, y]) => Number.isFinite(y))
  const xMost = Math.max(1, ...points.map(([x]) => x))
  const yMost = roundUp(Math.max(1e-9, ...points.map(([, y]) => y)))
  const px = (x: number) => left + ((width - left - 10) * x) / xMost
  const py = (y: number) => top + plotHeight * (1 - y / yMost)
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const [x, y] = [xMost * share, yMost * share]
    return `<line x1="${left}" x2="${width - 10}" y1="${py(y)}" y2="${py(y)}" class="grid"/>
<text x="${left - 8}" y="${py(y) + 4}" class="label">${figure(y)}</text>
<text x="${px(x)}" y="${top + plotHeight + 16}" text-anchor="middle">${figure(x)}</text>`
  })
  const drawn = all.map(({ name, points: own }, at) => {
    const path = own.filter(([, y]) => Number.isFinite(y)).map(([x, y]) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`)
    const colour = colours[at % colours.length]
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>
<text x="${left + 10 + at * 160}" y="${top + 12}" fill="${colour}">${escaped(name)}</text>`
  })
  const axes = `<text x="${width - 10}" y="${top + plotHeight + 30}" class="label">${escaped(xName)}</text>
<text x="4" y="${top + 10}">${escaped(yName)}</text>`
  return `<svg viewBox="0 0 ${width} ${top + plotHeight + bottom}">${grid.join('\n')}${drawn.join('\n')}${axes}</svg>`
}
