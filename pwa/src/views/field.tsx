import { useId } from 'preact/hooks';

interface Props {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: string;
  type?: 'text' | 'email' | 'number' | 'password';
  inputMode?: 'url';
  autocomplete?: string;
  optional?: boolean;
}

/** A text field with its label and hint. */
export function Field({
  label,
  value,
  onValue,
  hint,
  type = 'text',
  inputMode,
  autocomplete,
  optional = false,
}: Props) {
  const id = useId();
  const number = type === 'number';
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input
        id={id}
        dir="auto"
        type={(number ? 'text' : type) as 'text'}
        inputMode={number ? 'numeric' : inputMode}
        pattern={number ? '[0-9]{1,5}' : undefined}
        autocomplete={autocomplete ?? 'off'}
        autocapitalize="none"
        spellcheck={false}
        required={!optional}
        aria-describedby={hint ? `${id}-hint` : undefined}
        value={value}
        onInput={event => onValue(event.currentTarget.value)}
      />
      {hint && (
        <small class="field-hint" id={`${id}-hint`}>
          {hint}
        </small>
      )}
    </div>
  );
}
