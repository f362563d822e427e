import type { MailLanguage } from './mailer.ts';

/** The mails of this room. */
export type AuthMailKind =
  | 'confirmation'
  | 'invite'
  | 'recovery'
  | 'magiclink'
  | 'email_change_new'
  | 'email_change_current';

export interface Wording {
  subject: string;
  paragraphs: string[];
  action: string;
}

/** What a text may mention. */
export interface WordingData {
  siteName: string;
  email: string;
  newEmail: string;
}

type Texts = Record<AuthMailKind | 'registered', (data: WordingData) => Wording> & {
  /** Before the code to type. */
  code: string;
  /** Under every mail. */
  footer: string;
};

export const WORDING: Record<MailLanguage, Texts> = {
  en: {
    code: 'Or type this code:',
    footer: 'If you did not ask for this, you can ignore this mail. Nothing changes until the link is opened.',
    confirmation: ({ siteName }) => ({
      subject: 'Confirm your email address',
      paragraphs: [`Welcome to ${siteName}. Please confirm that this address is yours, and your account is ready.`],
      action: 'Confirm email',
    }),
    invite: ({ siteName }) => ({
      subject: `You are invited to ${siteName}`,
      paragraphs: [
        `Somebody made an account for you on ${siteName}. Open the link to accept and to choose a password.`,
      ],
      action: 'Accept invitation',
    }),
    recovery: ({ siteName, email }) => ({
      subject: 'Choose a new password',
      paragraphs: [
        `A new password was asked for the ${siteName} account ${email}.`,
        'The link works once and for one hour. When the password has changed, all other devices are signed out.',
      ],
      action: 'Choose a new password',
    }),
    magiclink: ({ siteName }) => ({
      subject: `Your sign-in link for ${siteName}`,
      paragraphs: ['Open the link to sign in. It works once and for one hour.'],
      action: 'Sign in',
    }),
    email_change_new: ({ siteName, email, newEmail }) => ({
      subject: 'Confirm your new email address',
      paragraphs: [
        `The ${siteName} account ${email} shall use ${newEmail} from now on. Please confirm that this address is yours.`,
      ],
      action: 'Confirm new address',
    }),
    email_change_current: ({ siteName, email, newEmail }) => ({
      subject: 'Your email address is about to change',
      paragraphs: [
        `The ${siteName} account ${email} shall use ${newEmail} from now on. Please confirm that you want this.`,
        'If it was not you, do not open the link and change your password.',
      ],
      action: 'Agree to the change',
    }),
    registered: ({ siteName, email }) => ({
      subject: `You already have an account on ${siteName}`,
      paragraphs: [
        `Somebody, perhaps you, tried to sign up with ${email}. This address has an account already, so nothing was changed.`,
        'Sign in as usual. If you no longer know the password, choose a new one on the sign-in page.',
      ],
      action: 'Go to sign-in',
    }),
  },
  ar: {
    code: 'أو أدخل هذا الرمز:',
    footer: 'إذا لم تطلب ذلك فتجاهل هذه الرسالة. لن يتغير شيء ما لم يُفتح الرابط.',
    confirmation: ({ siteName }) => ({
      subject: 'تأكيد بريدك الإلكتروني',
      paragraphs: [`أهلاً بك في ${siteName}. نرجو تأكيد أن هذا العنوان يخصك ليصبح حسابك جاهزاً.`],
      action: 'تأكيد البريد',
    }),
    invite: ({ siteName }) => ({
      subject: `دعوة إلى ${siteName}`,
      paragraphs: [`أُنشئ لك حساب على ${siteName}. افتح الرابط لقبول الدعوة واختيار كلمة مرور.`],
      action: 'قبول الدعوة',
    }),
    recovery: ({ siteName, email }) => ({
      subject: 'اختيار كلمة مرور جديدة',
      paragraphs: [
        `طُلبت كلمة مرور جديدة لحساب ${email} على ${siteName}.`,
        'يعمل الرابط مرة واحدة ولمدة ساعة. بعد تغيير كلمة المرور يُسجَّل الخروج من جميع الأجهزة الأخرى.',
      ],
      action: 'اختيار كلمة مرور جديدة',
    }),
    magiclink: ({ siteName }) => ({
      subject: `رابط الدخول إلى ${siteName}`,
      paragraphs: ['افتح الرابط لتسجيل الدخول. يعمل مرة واحدة ولمدة ساعة.'],
      action: 'تسجيل الدخول',
    }),
    email_change_new: ({ siteName, email, newEmail }) => ({
      subject: 'تأكيد بريدك الإلكتروني الجديد',
      paragraphs: [
        `سيستخدم حساب ${email} على ${siteName} العنوان ${newEmail} من الآن. نرجو تأكيد أن هذا العنوان يخصك.`,
      ],
      action: 'تأكيد العنوان الجديد',
    }),
    email_change_current: ({ siteName, email, newEmail }) => ({
      subject: 'بريدك الإلكتروني على وشك أن يتغير',
      paragraphs: [
        `سيستخدم حساب ${email} على ${siteName} العنوان ${newEmail} من الآن. نرجو تأكيد رغبتك في ذلك.`,
        'إذا لم تكن أنت من طلب ذلك فلا تفتح الرابط وغيّر كلمة المرور.',
      ],
      action: 'الموافقة على التغيير',
    }),
    registered: ({ siteName, email }) => ({
      subject: `لديك حساب بالفعل على ${siteName}`,
      paragraphs: [
        `حاول شخص ما، وربما أنت، التسجيل بالعنوان ${email}. لهذا العنوان حساب من قبل، فلم يتغير شيء.`,
        'سجّل الدخول كالمعتاد. وإذا نسيت كلمة المرور فاختر كلمة جديدة من صفحة الدخول.',
      ],
      action: 'الذهاب إلى صفحة الدخول',
    }),
  },
};
