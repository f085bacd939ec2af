import { html, raw, type Html } from '../html.ts';
import { codeBlock, type Code } from '../markdown/code-block.ts';
import { inlineToHtml, markdownToHtml, slug } from '../markdown/markdown.ts';
import type { Block, Field, Link } from './block.ts';

/** Renders blocks as HTML. Links still begin with `/`, the root of the site. */
export function toHtml(blocks: readonly Block[]): Html {
  return html`${blocks.map(htmlOf)}`;
}

function htmlOf(block: Block): Html {
  switch (block.kind) {
    case 'prose':
      return html`<div class="prose">${markdownToHtml(block.text)}</div>`;
    case 'heading':
      return heading(block.level, block.text, block.id ?? slug(block.text));
    case 'facts':
      return html`<dl class="facts">
        ${block.facts.map(
          ({ label, text }) =>
            html`<div>
              <dt>${label}</dt>
              <dd>${inlineToHtml(text)}</dd>
            </div>`,
        )}
      </dl>`;
    case 'fields':
      return fields(block.fields);
    case 'code':
      return codeBlock(block.code);
    case 'tabs':
      return tabs(block.label, block.tabs);
    case 'endpoint':
      return html`<p class="endpoint">
        <span class="method method-${block.method}">${block.method}</span> <code>${block.path}</code>
        <a href="${block.tryHref}">Try it</a>
      </p>`;
    case 'cards':
      return html`<ul class="cards">
        ${block.cards.map(
          ({ title, href, text }) =>
            html`<li>
              <a href="${href}"><strong>${title}</strong><span>${inlineToHtml(text)}</span></a>
            </li>`,
        )}
      </ul>`;
    case 'actions':
      return html`<p class="actions">
        ${block.actions.map(({ title, href }) => html`<a class="button" href="${href}">${title}</a> `)}
      </p>`;
    case 'steps':
      return html`<ol class="steps">
        ${block.steps.map(
          ({ title, text }) =>
            html`<li>
              <strong>${title}</strong>
              <p>${inlineToHtml(text)}</p>
            </li> `,
        )}
      </ol>`;
    case 'groups':
      return html`<div class="groups">
        ${block.groups.map(
          ({ title, links }) =>
            html`<section>
              <h3>${title}</h3>
              <ul>
                ${links.map((one) => html`<li><a href="${one.href}">${one.title}</a></li> `)}
              </ul>
            </section> `,
        )}
      </div>`;
    case 'links':
      return html`<ul class="links">
        ${block.links.map(link)}
      </ul>`;
    case 'details':
      return html`<details class="more">
        <summary>${block.summary}</summary>
        ${toHtml(block.blocks)}
      </details>`;
    case 'gallery':
      return html`<ul class="gallery">
        ${block.pictures.map(
          ({ src, caption }) =>
            html`<li>
              <img src="${src}" width="512" height="512" alt="" loading="lazy" /><code>${caption}</code>
            </li>`,
        )}
      </ul>`;
    case 'figure':
      return html`<figure tabindex="0">
        ${raw(block.svg)}
        <figcaption>${block.caption}</figcaption>
      </figure>`;
  }
}

function heading(level: 2 | 3, text: string, id: string): Html {
  return level === 2
    ? html`<h2 id="${id}"><a class="anchor" href="#${id}">${text}</a></h2>`
    : html`<h3 id="${id}"><a class="anchor" href="#${id}">${text}</a></h3>`;
}

function link({ title, href, text, tag }: Link): Html {
  const method = tag !== undefined && /^[a-z]+$/.test(tag) ? `method method-${tag}` : 'tag';
  return html`<li>
    <a href="${href}"
      >${tag !== undefined && html`<span class="${method}">${tag}</span>`}<code>${title}</code></a
    >
    <span>${inlineToHtml(text)}</span>
  </li>`;
}

function fields(all: readonly Field[]): Html {
  return html`<ul class="fields">
    ${all.map(
      (field) =>
        html`<li>
          <p class="field">
            <code class="name">${field.name}</code> <span class="type">${inlineToHtml(field.type)}</span>
            ${field.required && html`<span class="required">required</span>`}
            ${field.deprecated && html`<span class="deprecated">deprecated</span>`}
          </p>
          ${field.text.trim() !== '' && html`<div class="prose">${markdownToHtml(field.text)}</div>`}
          ${field.notes.length > 0 && html`<p class="notes">${field.notes.map((note) => html`<span>${inlineToHtml(note)}</span> `)}</p>`}
          ${
            field.children.length > 0 &&
            html`<details>
              <summary>Fields of <code>${field.name}</code></summary>
              ${fields(field.children)}
            </details>`
          }
        </li>`,
    )}
  </ul>`;
}

/** Panels one below the other; with scripts they become tabs. */
function tabs(label: string, all: readonly Code[]): Html {
  return html`<div class="tabs" data-tabs="${label}">${all.map(codeBlock)}</div>`;
}
