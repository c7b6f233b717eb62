// A component that is drawn again only when what it shows is another: of Preact's compat layer the page
// needs no more than this.
import { Component, h, type ComponentChild, type FunctionComponent } from 'preact';

export function memo<P extends object>(
  draw: (props: P) => ComponentChild, isSame: (one: P, other: P) => boolean,
): FunctionComponent<P> {
  class Kept extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !isSame(this.props as P, next);
    }
    override render(props: P): ComponentChild {
      return draw(props);
    }
  }
  return (props: P) => h(Kept as never, props as never);
}
