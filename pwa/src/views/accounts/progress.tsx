/** How far something is, as a bar and in words. */
export function Progress(props: { label: string; value: number; max: number; text: string }) {
  const { label, value, max, text } = props;
  return (
    <div class="progress">
      <progress aria-label={label} value={Math.min(value, max)} max={Math.max(1, max)} />
      <span class="progress-text">{text}</span>
    </div>
  );
}
