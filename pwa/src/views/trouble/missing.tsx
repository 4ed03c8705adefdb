import { words } from '../../words/words.ts';

/** Stands where a part of the app could not be loaded. */
export function Missing({ onRetry }: { onRetry: () => void }) {
  const { partTitle, partText, tryAgain } = words.trouble;
  return (
    <div class="empty" role="alert">
      <h2>{partTitle}</h2>
      <p>{partText}</p>
      <div class="buttons">
        <button type="button" class="button button-primary" onClick={onRetry}>
          {tryAgain}
        </button>
        <a class="button" href="/inbox">
          {words.errors.home}
        </a>
      </div>
    </div>
  );
}
