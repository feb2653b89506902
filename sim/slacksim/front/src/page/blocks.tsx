/* Block Kit, drawn. What stays where it was when a message or a view changes keeps its place in the document: the focus, an
   open menu, what is being typed. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { DataTable, DataVisualization } from "./data";
import { ButtonElement, confirmThen, FeedbackButtons, IconButton, ImageElement, keyOf, OverflowElement, Unknown, Warning, type Around } from "./elements";
import { drawn } from "./emoji";
import { inputFor } from "./inputs";
import { Alert, Card, Carousel, Container, Layout, Plan, RemoteFile, Task, Video } from "./nests";
import type { Block, Element, Entry, Text } from "./payload";
import { markdown, richText, TableBlock } from "./rich";
import { plain, textObject, textOf } from "./text";

const useFilledIn = (block: Block, element: Element, around: Around, optional: boolean | undefined) => {
  useEffect(() => () => around.form?.drop(block.block_id, element.action_id), []);
  return {
    kept: around.form?.kept[block.block_id]?.[element.action_id],
    put: (entry: Entry) => around.form?.put(block.block_id, element.action_id, entry, optional),
  };
};

/* An element outside an input block acts as soon as it changes. */
const LiveInput = ({ element, block, around }: { element: Element; block: Block; around: Around }) => {
  const filled = useFilledIn(block, element, around, undefined);
  const Input = inputFor(element.type);
  if (!Input) return <Unknown type={element.type} />;
  const changed = (state: Entry) => void confirmThen(element, around, () => around.act({ block_id: block.block_id, action_id: element.action_id, value: "", state, label: "" }));
  const id = `${around.name}-${block.block_id}-${element.action_id}`.replace(/[^\w-]/g, "_");
  return (
    <span class="element">
      <Input element={element} {...filled} changed={changed} attach={around.attach}
        name={{ id, "aria-label": textOf(element.placeholder) || element.action_id, "data-action-id": element.action_id }}
        suggest={around.suggest && ((text) => around.suggest!(block.block_id, element.action_id, text))} />
      <Warning element={element} around={around} />
    </span>
  );
};

const AnyElement = ({ element, block, around }: { element: Element; block: Block; around: Around }) => {
  if (element.type === "button" || element.type === "workflow_button") return <ButtonElement element={element} block={block} around={around} />;
  if (element.type === "overflow") return <OverflowElement element={element} block={block} around={around} />;
  if (element.type === "icon_button") return <IconButton element={element} block={block} around={around} />;
  if (element.type === "feedback_buttons") return <FeedbackButtons element={element} block={block} around={around} />;
  if (element.type === "image") return <ImageElement words={element.alt_text} />;
  return <LiveInput key={JSON.stringify(around.form ? element.action_id : element)} element={element} block={block} around={around} />;
};

/* An input block: label, element, hint and the error of a refused submission, tied together for readers. */
const InputBlock = ({ block, around }: { block: Block; around: Around }) => {
  const element = block.element!;
  const filled = useFilledIn(block, element, around, Boolean(block.optional));
  const Input = inputFor(element.type);
  if (!Input) return <Unknown type={element.type} />;
  const id = `${around.name}-${block.block_id}-${element.action_id}`.replace(/[^\w-]/g, "_");
  const error = around.errors?.[block.block_id];
  const changed = (state: Entry) => { if (block.dispatch_action) around.act({ block_id: block.block_id, action_id: element.action_id, value: "", state, label: "" }); };
  return (
    <div class={"field" + (error ? " field-wrong" : "")} data-block-id={block.block_id}>
      <label id={id + "-l"} for={id}>{textOf(block.label)}{block.optional && <span class="optional"> optional</span>}</label>
      <Input element={element} {...filled} changed={changed} attach={around.attach}
        name={{ id, "data-testid": "field-" + block.block_id, "data-action-id": element.action_id, "aria-labelledby": id + "-l", "aria-describedby": id + "-d", "aria-invalid": error ? "true" : undefined }}
        suggest={around.suggest && ((text) => around.suggest!(block.block_id, element.action_id, text))} />
      <div id={id + "-d"}>
        {error && <p class="field-error" role="alert" data-testid={"error-" + block.block_id}>{plain(error)}</p>}
        {block.hint && <p class="hint">{textOf(block.hint)}</p>}
      </div>
    </div>
  );
};

const Section = ({ block, around }: { block: Block; around: Around }) => (
  <div class="section">
    <div class="section-main">
      {block.text && <div class="section-text">{textObject(block.text as Text)}</div>}
      {block.fields && <div class="fields">{block.fields.map((field) => <div>{textObject(field)}</div>)}</div>}
    </div>
    {block.accessory && <div class="accessory"><AnyElement key={keyOf(block.accessory)} element={block.accessory} block={block} around={around} /></div>}
  </div>
);

const Context = ({ block }: { block: Block }) => (
  <div class="context">{(block.elements ?? []).map((e) => (e.type as string) === "image" ? <ImageElement words={e.alt_text} /> : <span>{textObject(e as Text)}</span>)}</div>
);

const Actions = ({ block, around }: { block: Block; around: Around }) => (
  <div class="actions">{(block.elements ?? []).map((e) => <AnyElement key={keyOf(e)} element={e} block={block} around={around} />)}</div>
);

const Image = ({ block }: { block: Block }) => (
  <figure class="image"><div role="img" aria-label={block.alt_text}>▧ {block.alt_text}</div>{block.title && <figcaption>{textOf(block.title as Text)}</figcaption>}</figure>
);

const BLOCKS = new Map<string, (block: Block, around: Around) => ComponentChildren>(Object.entries({
  section: (block, around) => <Section block={block} around={around} />,
  divider: () => <hr />,
  header: (block) => <h3 class="block-header">{drawn(textOf(block.text as Text))}</h3>,
  context: (block) => <Context block={block} />,
  context_actions: (block, around) => <Actions block={block} around={around} />,
  actions: (block, around) => <Actions block={block} around={around} />,
  image: (block) => <Image block={block} />,
  rich_text: (block) => <div class="rich">{richText(block)}</div>,
  table: (block) => <TableBlock block={block} />,
  data_table: (block, around) => <DataTable block={block} around={around} />,
  data_visualization: (block) => <DataVisualization block={block} />,
  markdown: (block) => <div class="markdown">{markdown(block.text)}</div>,
  alert: (block) => <Alert block={block} />,
  card: (block, around) => <Card block={block} around={around} />,
  carousel: (block, around) => <Carousel block={block} around={around} />,
  container: (block, around) => <Container block={block} around={around} />,
  layout: (block, around) => <Layout block={block} around={around} />,
  video: (block) => <Video block={block} />,
  file: (block) => <RemoteFile block={block} />,
  plan: (block) => <Plan block={block} />,
  task_card: (block) => <Task block={block} />,
  input: (block, around) => <InputBlock block={block} around={around} />,
} satisfies Record<string, (block: Block, around: Around) => ComponentChildren>));

/* A block is the same one while its id, and what is filled into it, are. */
const keyOfBlock = (block: Block) => [block.type, block.block_id, block.element?.type, block.element?.action_id].join(" ");

export const Blocks = ({ blocks, around }: { blocks: Block[]; around: Around }) => <>{blocks.map((block) => (
  <div key={keyOfBlock(block)} class={"block block-" + block.type}>{BLOCKS.get(block.type)?.(block, around) ?? <Unknown type={block.type} />}</div>
))}</>;
