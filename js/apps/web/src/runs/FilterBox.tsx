import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { isTyping } from '../app/useShortcuts';
import { Icon } from '../parts/Icon';
import { Text } from '../parts/Text';
import { type Option, type Vocabulary, complete, errorColumn } from './completion';
import './filter.css';

interface Props {
  filter: string;
  words: Vocabulary;
  error: string;
  onFilter: (filter: string) => void;
}

/** The filter language with completion; Enter asks, and an error shows where it is. */
export function FilterBox({ filter, words, error, onFilter }: Props) {
  const [text, setText] = useState(filter);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(filter), [filter]);
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'f' || event.ctrlKey || event.metaKey || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);

  const { from, to, options } = complete(text, caret, words);
  const shown = open && options.length > 0;
  const submit = () => {
    setOpen(false);
    onFilter(text.trim());
  };
  const take = (option: Option) => {
    const next = text.slice(0, from) + option.insert + text.slice(to).replace(/^\s+/, '');
    const end = from + option.insert.length;
    setText(next);
    setAt(-1);
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(end, end);
      setCaret(end);
    });
  };
  const pressed = (event: KeyboardEvent) => {
    const option = options[at];
    if (event.key === 'ArrowDown' && shown) setAt(Math.min(at + 1, options.length - 1));
    else if (event.key === 'ArrowDown') setOpen(true);
    else if (event.key === 'ArrowUp' && shown) setAt(Math.max(at - 1, -1));
    else if (event.key === 'Tab' && shown && options[Math.max(at, 0)] && from < to)
      take(options[Math.max(at, 0)] as Option);
    else if (event.key === 'Enter' && shown && option) take(option);
    else if (event.key === 'Enter') submit();
    else if (event.key === 'Escape' && shown) setOpen(false);
    else return;
    event.preventDefault();
  };
  const column = error && text.trim() === filter ? errorColumn(error) : null;

  return (
    <div className={error ? 'filter filter-wrong' : 'filter'}>
      <Icon name="search" size={14} />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Filter the runs"
        aria-expanded={shown}
        aria-controls="filter-options"
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? `filter-${String(at)}` : undefined}
        aria-invalid={error !== ''}
        aria-describedby={error ? 'filter-error' : undefined}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        placeholder="params.lr > 0.01 and metrics.acc >= 0.9"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
          setAt(-1);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={pressed}
      />
      {text !== '' && (
        <button
          type="button"
          className="quiet tiny"
          aria-label="Clear the filter"
          onClick={() => {
            setText('');
            onFilter('');
          }}
        >
          <Icon name="cross" size={13} />
        </button>
      )}
      <kbd>f</kbd>
      <ul
        id="filter-options"
        className="options"
        role="listbox"
        aria-label="What can stand here"
        hidden={!shown}
      >
        {shown &&
          options.map((option, index) => (
            <li
              key={option.label}
              id={`filter-${String(index)}`}
              role="option"
              aria-selected={index === at}
              onMouseDown={(event) => {
                event.preventDefault();
                take(option);
              }}
            >
              <Text text={option.label} length={60} />
              <span className="faint">{option.detail}</span>
            </li>
          ))}
      </ul>
      {error && (
        <div id="filter-error" className="filter-error" role="alert">
          {column !== null && (
            <pre aria-hidden="true">
              {' '.repeat(Math.max(0, Math.min(column - 1, 400)))}
              <b>^</b>
            </pre>
          )}
          <p>
            <Text text={error} length={300} />
          </p>
        </div>
      )}
    </div>
  );
}
