import { useId } from 'preact/hooks';

interface Props {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  hint?: string;
}

/** A setting that is on or off at once, with its label as part of the target. */
export function Switch({ label, checked, onChange, disabled = false, hint }: Props) {
  const id = useId();
  return (
    <div class="switch">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={event => onChange(event.currentTarget.checked)}
      />
      <label for={id} dir="auto">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} class="card-note">
          {hint}
        </p>
      )}
    </div>
  );
}
