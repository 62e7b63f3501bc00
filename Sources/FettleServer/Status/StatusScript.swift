/// What the status page does by itself: it keeps its parts fresh, sends questions, and asks for a key.
enum StatusScript {
    static let text = """
        'use strict';
        (() => {
          let key = '';
          const find = (id) => document.getElementById(id);
          const say = (text) => { find('state').textContent = text; };
          async function load(path, body) {
            const headers = key ? {Authorization: 'Bearer ' + key} : {};
            const options = {headers, cache: 'no-store'};
            if (body) {
              options.method = 'POST';
              headers['Content-Type'] = 'application/json';
              options.body = JSON.stringify(body);
            }
            const answer = await fetch(path, options);
            const text = await answer.text();
            if (!answer.ok) {
              let message = text;
              try { message = JSON.parse(text).error.message; } catch { /* no JSON */ }
              throw new Error(message);
            }
            return new DOMParser().parseFromString(text, 'text/html');
          }
          function renew(page) {
            const live = find('live'), fresh = page.getElementById('live');
            for (const old of [...live.children]) if (!fresh.querySelector('#' + old.id)) old.remove();
            [...fresh.children].forEach((part, place) => {
              const old = find(part.id);
              if (old && old.outerHTML === part.outerHTML) return;
              if (old) old.replaceWith(part); else live.insertBefore(part, live.children[place] || null);
            });
            const hadNone = !find('ask');
            if (hadNone && page.getElementById('ask')) {
              find('playground').replaceWith(page.getElementById('playground'));
              listen();
            }
          }
          async function refresh() {
            if (!find('live') || document.hidden) return;
            try {
              renew(await load('/v1/fettle/status'));
              say('live');
            } catch (error) {
              say('not live: ' + error.message);
            }
          }
          function listen() {
            const form = find('ask');
            if (!form) return;
            form.addEventListener('submit', async (event) => {
              event.preventDefault();
              const box = find('answer'), button = form.querySelector('button');
              button.disabled = true;
              try {
                const page = await load('/v1/fettle/playground',
                  {model: form.model.value, prompt: form.prompt.value});
                box.replaceChildren(...page.body.childNodes);
              } catch (error) {
                const line = document.createElement('p');
                line.className = 'bad';
                line.textContent = error.message;
                box.replaceChildren(line);
              }
              button.disabled = false;
            });
            form.prompt.addEventListener('keydown', (event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
            });
          }
          const asking = find('key');
          if (asking) asking.addEventListener('submit', async (event) => {
            event.preventDefault();
            key = find('secret').value;
            try {
              const page = await load('/v1/fettle/status');
              document.querySelector('main').replaceChildren(...page.body.childNodes);
              say('live');
              listen();
            } catch (error) {
              key = '';
              find('problem').textContent = error.message;
            }
          });
          listen();
          setInterval(refresh, 2000);
          document.addEventListener('visibilitychange', refresh);
        })();
        """
}
