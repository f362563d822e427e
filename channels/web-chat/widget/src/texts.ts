/** Every word that the widget itself says; the host's own texts come with the configuration. */
const en = {
  open: 'Open chat',
  close: 'Close chat',
  unread: (count: number) => (count === 1 ? '1 new message' : `${count} new messages`),
  messages: 'Messages',
  placeholder: 'Write a message',
  send: 'Send',
  attach: 'Attach a file',
  remove: 'Remove',
  sending: 'Sending',
  waiting: 'Waiting for the network',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent',
  retry: 'Try again',
  typing: (name: string | null) => (name === null ? 'Typing' : `${name} is typing`),
  offline: 'You are offline. Your messages are sent as soon as you are back.',
  connecting: 'Connecting',
  earlier: 'Show earlier messages',
  today: 'Today',
  yesterday: 'Yesterday',
  you: 'You',
  deleted: 'This message was deleted',
  edited: 'edited',
  start: 'Start chat',
  required: 'Please fill this in',
  badEmail: 'This is not an e-mail address',
  badPhone: 'This is not a phone number',
  email: 'Your e-mail address',
  save: 'Save',
  thanks: 'Thank you. We will answer there too.',
  tooLarge: (limit: string) => `The file is larger than ${limit}`,
  badType: 'Files of this type cannot be sent here',
  uploadFailed: 'The file could not be uploaded',
  uploading: 'Uploading',
  tooMany: 'Too many files for one message',
  open_place: 'Open the place on a map',
  closed: 'This conversation was closed. Write to open it again.',
  problem: 'Something went wrong. Please try again.',
};

type Texts = typeof en;

const ar: Texts = {
  open: 'افتح المحادثة',
  close: 'أغلق المحادثة',
  unread: (count) => {
    if (count === 1) return 'رسالة جديدة';
    if (count === 2) return 'رسالتان جديدتان';
    return count <= 10 ? `${count} رسائل جديدة` : `${count} رسالة جديدة`;
  },
  messages: 'الرسائل',
  placeholder: 'اكتب رسالة',
  send: 'إرسال',
  attach: 'أرفق ملفًا',
  remove: 'إزالة',
  sending: 'جارٍ الإرسال',
  waiting: 'بانتظار الاتصال',
  sent: 'أُرسلت',
  delivered: 'وصلت',
  read: 'قُرئت',
  failed: 'لم تُرسل',
  retry: 'حاول مجددًا',
  typing: (name) => (name === null ? 'يكتب الآن' : `${name} يكتب الآن`),
  offline: 'أنت غير متصل. ستُرسل رسائلك عند عودة الاتصال.',
  connecting: 'جارٍ الاتصال',
  earlier: 'عرض الرسائل السابقة',
  today: 'اليوم',
  yesterday: 'أمس',
  you: 'أنت',
  deleted: 'حُذفت هذه الرسالة',
  edited: 'معدّلة',
  start: 'ابدأ المحادثة',
  required: 'يرجى ملء هذا الحقل',
  badEmail: 'هذا ليس عنوان بريد إلكتروني',
  badPhone: 'هذا ليس رقم هاتف',
  email: 'بريدك الإلكتروني',
  save: 'حفظ',
  thanks: 'شكرًا. سنرد عليك هناك أيضًا.',
  tooLarge: (limit) => `الملف أكبر من ${limit}`,
  badType: 'لا يمكن إرسال هذا النوع من الملفات هنا',
  uploadFailed: 'تعذّر رفع الملف',
  uploading: 'جارٍ الرفع',
  tooMany: 'عدد الملفات كبير لرسالة واحدة',
  open_place: 'افتح المكان على الخريطة',
  closed: 'أُغلقت هذه المحادثة. اكتب رسالة لفتحها من جديد.',
  problem: 'حدث خطأ ما. حاول مرة أخرى.',
};

export type Locale = 'en' | 'ar';
export type { Texts };

export function localeFrom(tag: string): Locale {
  return tag.toLowerCase().startsWith('ar') ? 'ar' : 'en';
}

export function textsFor(locale: Locale): Texts {
  return locale === 'ar' ? ar : en;
}

export function directionOf(locale: Locale): 'rtl' | 'ltr' {
  return locale === 'ar' ? 'rtl' : 'ltr';
}

/** A size for people, in their digits: `5 MB`, `340 kB`. */
export function formatSize(bytes: number, locale: Locale): string {
  const [value, unit] = bytes >= 1_000_000 ? [bytes / 1_000_000, 'megabyte'] : [bytes / 1000, 'kilobyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(
    value,
  );
}
