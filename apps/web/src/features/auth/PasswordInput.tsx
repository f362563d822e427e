import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '#design/IconButton.tsx';
import { Input } from '#design/Input.tsx';

/** A password that can be looked at. */
export function PasswordInput(props: ComponentProps<'input'>) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Input {...props} type={shown ? 'text' : 'password'} dir="ltr" className="h-10 pe-10 text-14" />
      <IconButton
        label={shown ? t('auth.hidePassword') : t('auth.showPassword')}
        icon={shown ? <EyeOff /> : <Eye />}
        tooltip={false}
        className="absolute end-1 top-1"
        onClick={() => setShown(!shown)}
      />
    </div>
  );
}
