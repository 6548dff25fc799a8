export const Mark = ({ size = 28 }: { readonly size?: number }) => (
  <img src={`${import.meta.env.BASE_URL}mark.svg`} width={size} height={size} alt="" />
)
