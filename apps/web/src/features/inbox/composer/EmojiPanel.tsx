import {
  EmojiPicker,
  type EmojiPickerListCategoryHeaderProps,
  type EmojiPickerListEmojiProps,
  type EmojiPickerListRowProps,
} from 'frimousse';
import { useTranslation } from 'react-i18next';

/** All emoji by group, with a search. Loaded when first opened; its data comes from our own server. */
export default function EmojiPanel({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  return (
    <EmojiPicker.Root
      columns={9}
      locale="en"
      emojibaseUrl="/emojibase"
      onEmojiSelect={({ emoji }) => onPick(emoji)}
      className="flex h-80 w-fit flex-col"
    >
      <EmojiPicker.Search
        placeholder={t('inbox.emoji.search')}
        aria-label={t('inbox.emoji.search')}
        className="m-2 mb-1 h-8 rounded-control bg-sunken px-2.5 text-13 focus-visible:outline-offset-0"
      />
      <EmojiPicker.Viewport className="relative flex-1 outline-hidden">
        <EmojiPicker.Loading className="absolute inset-0 flex items-center justify-center text-12 text-ink-3">
          {t('inbox.emoji.loading')}
        </EmojiPicker.Loading>
        <EmojiPicker.Empty className="absolute inset-0 flex items-center justify-center text-12 text-ink-3">
          {t('inbox.emoji.empty')}
        </EmojiPicker.Empty>
        <EmojiPicker.List className="pb-1.5 select-none" components={{ CategoryHeader, Row, Emoji }} />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}

const CategoryHeader = ({ category, ...rest }: EmojiPickerListCategoryHeaderProps) => (
  <div className="bg-raised px-3 pt-2 pb-1 text-12 font-medium text-ink-3" {...rest}>
    {category.label}
  </div>
);

const Row = ({ children, ...rest }: EmojiPickerListRowProps) => (
  <div className="scroll-my-1.5 px-1.5" {...rest}>
    {children}
  </div>
);

const Emoji = ({ emoji, ...rest }: EmojiPickerListEmojiProps) => (
  <button
    type="button"
    className="flex size-8 items-center justify-center rounded-control text-20 data-active:bg-hover"
    {...rest}
  >
    {emoji.emoji}
  </button>
);
