import type { TFunction } from 'i18next';
import { Contact, File, Image, LayoutList, MapPin, Mic, ShoppingBag, Sticker, Video } from 'lucide-react';
import type { ReactNode } from 'react';

const icons: Record<string, ReactNode> = {
  image: <Image />,
  video: <Video />,
  audio: <Mic />,
  voice: <Mic />,
  document: <File />,
  sticker: <Sticker />,
  location: <MapPin />,
  contacts: <Contact />,
  interactive: <LayoutList />,
  order: <ShoppingBag />,
};

/** The small picture of a kind of message; null for plain text. */
export const kindIcon = (type: string): ReactNode => icons[type] ?? null;

/** What a message without words is called. */
export function kindLabel(type: string, t: TFunction): string {
  switch (type) {
    case 'image':
      return t('inbox.kind.image');
    case 'video':
      return t('inbox.kind.video');
    case 'audio':
    case 'voice':
      return t('inbox.kind.audio');
    case 'document':
      return t('inbox.kind.document');
    case 'sticker':
      return t('inbox.kind.sticker');
    case 'location':
      return t('inbox.kind.location');
    case 'contacts':
      return t('inbox.kind.contacts');
    case 'reaction':
      return t('inbox.kind.reaction');
    case 'interactive':
      return t('inbox.kind.interactive');
    case 'template':
      return t('inbox.kind.template');
    case 'order':
      return t('inbox.kind.order');
    case 'unsupported':
      return t('inbox.kind.unsupported');
    default:
      return t('inbox.kind.message');
  }
}
