import { notifications } from '@mantine/notifications'

/** One line that goes away by itself: it was done. */
export const tell = (message: string): void => {
  notifications.show({ message, autoClose: 4000, withBorder: true, withCloseButton: false })
}
