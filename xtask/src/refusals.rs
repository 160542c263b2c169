//! What an instruction refuses: found by following its function to all that it calls, by their names.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path as FilePath,
    ptr,
};

use syn::{
    Attribute, Block, Expr, ExprMethodCall, ExprPath, Ident, ItemStruct, Macro, Member, Path,
    Token,
    parse::ParseStream,
    punctuated::Punctuated,
    visit::{self, Visit},
};

use crate::sources::{Function, Source};

/// The functions that say what an account may hold. What they refuse is listed once for each type of account.
const INVARIANT: &str = "invariant";

/// The folder of the rules, from the workspace's root.
const RULES: &str = "rules";

/// What a function refuses.
#[derive(Default)]
pub struct Refusals<'a, 'e> {
    /// The errors that it may return.
    pub errors: BTreeSet<&'e str>,
    /// The types of the accounts whose invariants it checks as well.
    pub valid: BTreeSet<&'a Ident>,
}

/// A program's functions and its rules', by name.
pub struct Functions<'a> {
    by_name: BTreeMap<&'a Ident, Vec<Function<'a>>>,
    /// The names that each source uses of others.
    used: BTreeSet<(&'a FilePath, &'a Ident)>,
    /// The program's structures.
    structures: Vec<&'a ItemStruct>,
}

impl<'a> Functions<'a> {
    pub fn of(program: &'a [Source], rules: &'a [Source]) -> Self {
        let mut functions = Self {
            by_name: BTreeMap::new(),
            used: BTreeSet::new(),
            structures: Vec::new(),
        };
        for source in program.iter().chain(rules) {
            let items = source.items();
            for function in items.functions {
                let namesakes = functions.by_name.entry(function.name).or_default();
                namesakes.push(function);
            }
            let used = items.used.into_iter();
            functions
                .used
                .extend(used.map(|name| (source.path.as_path(), name)));
            if !source.path.starts_with(RULES) {
                functions.structures.extend(items.structures);
            }
        }
        functions
    }

    /// What an instruction's function refuses: what is named by the accounts that it takes, by itself, and by what
    /// it calls.
    ///
    /// A method is found by its name, and by that of its receiver where several types have it.
    pub fn refusals<'e>(
        &self,
        handler: Function<'a>,
        errors: &BTreeSet<&'e str>,
    ) -> Refusals<'a, 'e> {
        let structures = self.structures.iter();
        let accounts = structures.filter(|structure| Some(&structure.ident) == handler.owner);
        let mut walk = Walk::from(self, handler, errors);
        accounts.for_each(|accounts| walk.visit_item_struct(accounts));
        walk.refusals()
    }

    /// Each type of account that has an invariant, with what this refuses.
    pub fn invariants<'e>(
        &self,
        errors: &BTreeSet<&'e str>,
    ) -> BTreeMap<&'a Ident, BTreeSet<&'e str>> {
        let all = self.by_name.values().flatten();
        all.filter(|function| function.name == INVARIANT)
            .filter_map(|&invariant| {
                let refused = Walk::from(self, invariant, errors).refusals().errors;
                Some((invariant.owner?, refused))
            })
            .collect()
    }
}

/// The way from a function to all that it calls.
struct Walk<'w, 'a, 'e> {
    functions: &'w Functions<'a>,
    /// The program's errors.
    errors: &'w BTreeSet<&'e str>,
    /// The function that is being read.
    caller: Function<'a>,
    reached: Vec<Function<'a>>,
    met: BTreeSet<*const Block>,
    found: Refusals<'a, 'e>,
}

impl<'w, 'a, 'e> Walk<'w, 'a, 'e> {
    fn from(
        functions: &'w Functions<'a>,
        first: Function<'a>,
        errors: &'w BTreeSet<&'e str>,
    ) -> Self {
        Self {
            functions,
            errors,
            caller: first,
            reached: vec![first],
            met: BTreeSet::from([ptr::from_ref(first.block)]),
            found: Refusals::default(),
        }
    }

    fn refusals(mut self) -> Refusals<'a, 'e> {
        while let Some(function) = self.reached.pop() {
            self.caller = function;
            self.visit_block(function.block);
        }
        self.found
    }

    /// Goes on to those functions `name` that are meant.
    fn call(&mut self, name: &Ident, is_meant: impl Fn(&Self, &Function) -> bool) {
        let functions = self.functions;
        for &called in functions.by_name.get(name).into_iter().flatten() {
            if !is_meant(self, &called) {
                continue;
            }
            if called.name == INVARIANT {
                self.found.valid.extend(called.owner);
            } else if self.met.insert(ptr::from_ref(called.block)) {
                self.reached.push(called);
            }
        }
    }

    /// Whether the function of this path is `called`.
    fn is_at(&self, path: &Path, called: &Function) -> bool {
        match qualifier(path) {
            Some(of) if of == "Self" => called.owner == self.caller.owner,
            Some(of) if of.to_string().starts_with(char::is_uppercase) => called.owner == Some(of),
            Some(module) => called.owner.is_none() && module == called.source.stem(),
            None => {
                let here = &self.caller.source.path;
                let used = &self.functions.used;
                let is_known =
                    || *here == called.source.path || used.contains(&(here, called.name));
                called.owner.is_none() && is_known()
            }
        }
    }

    /// Whether `receiver` is of the type whose method is `called`, as far as names tell.
    fn is_receiver(&self, receiver: &Expr, called: &Function) -> bool {
        let variable = match receiver {
            Expr::Path(of) => of.path.segments.last().map(|last| &last.ident),
            Expr::Field(of) => match &of.member {
                Member::Named(field) => Some(field),
                Member::Unnamed(_) => None,
            },
            _ => None,
        };
        called.owner.is_some_and(|owner| match variable {
            Some(variable) if variable == "self" => Some(owner) == self.caller.owner,
            Some(variable) => is_named_after(variable, owner),
            // Of a longer expression, the type that it begins with.
            None => beginning(receiver)
                .is_some_and(|path| path.segments.iter().any(|of| of.ident == *owner)),
        })
    }
}

impl<'ast> Visit<'ast> for Walk<'_, '_, '_> {
    fn visit_path(&mut self, path: &'ast Path) {
        if let Some(last) = path.segments.last()
            && qualifier(path).is_some_and(|of| of.to_string().ends_with("Error"))
            && let Some(error) = self.errors.get(last.ident.to_string().as_str())
        {
            self.found.errors.insert(error);
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, expression: &'ast ExprPath) {
        let path = &expression.path;
        if let Some(last) = path.segments.last() {
            self.call(&last.ident, |walk, called| walk.is_at(path, called));
        }
        visit::visit_expr_path(self, expression);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let namesakes = self.functions.by_name.get(&call.method);
        let mut methods = namesakes
            .into_iter()
            .flatten()
            .filter(|of| of.owner.is_some());
        // The names of the rules' methods are their own; a program's may be those of an iterator, too.
        let is_one_types = methods.next().is_some_and(|first| {
            let is_alike = |other: &Function| {
                other.owner == first.owner && other.source.path.starts_with(RULES)
            };
            is_alike(first) && methods.all(is_alike)
        });
        self.call(&call.method, |walk, called| {
            called.owner.is_some() && (is_one_types || walk.is_receiver(&call.receiver, called))
        });
        visit::visit_expr_method_call(self, call);
    }

    /// Reads the arguments of a macro that takes expressions, as `ensure!` does.
    fn visit_macro(&mut self, call: &'ast Macro) {
        let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        for argument in arguments.iter().flatten() {
            self.visit_expr(argument);
        }
    }

    /// Reads the errors of an account's constraints, each of which stands behind an `@`.
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let errors = attribute.parse_args_with(|input: ParseStream| {
            let mut errors = Vec::new();
            while !input.is_empty() {
                if input.parse::<Option<Token![@]>>()?.is_some() {
                    errors.push(input.parse::<Path>()?);
                } else {
                    input.step(|cursor| {
                        let next = cursor.token_tree();
                        let (_, rest) = next.ok_or_else(|| cursor.error("nothing follows"))?;
                        Ok(((), rest))
                    })?;
                }
            }
            Ok(errors)
        });
        for error in errors.iter().flatten() {
            self.visit_path(error);
        }
    }
}

/// What stands before the last name of a path.
fn qualifier(path: &Path) -> Option<&Ident> {
    path.segments.iter().nth_back(1).map(|of| &of.ident)
}

/// The path with which a chain of calls begins.
fn beginning(expression: &Expr) -> Option<&Path> {
    match expression {
        Expr::Path(of) => Some(&of.path),
        Expr::Call(of) => beginning(&of.func),
        Expr::MethodCall(of) => beginning(&of.receiver),
        Expr::Field(of) => beginning(&of.base),
        Expr::Try(of) => beginning(&of.expr),
        _ => None,
    }
}

/// Whether a variable is called as its type is: `unit_page` is a `UnitPage`, and so is `page`.
fn is_named_after(variable: &Ident, of: &Ident) -> bool {
    let variable = variable.to_string().replace('_', "");
    !variable.is_empty() && of.to_string().to_lowercase().ends_with(&variable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::find;

    fn source(path: &str, text: &str) -> Source {
        Source::parse(path.into(), text).unwrap()
    }

    #[test]
    fn an_instructions_errors_are_those_of_its_accounts_and_of_what_it_calls() {
        let program = [source(
            "programs/undo.rs",
            r"
use rules::undo::{redo, undo};

pub struct Undo {
    #[account(address = a @ AError::Account)]
    a: A,
}

impl Undo {
    pub fn undo(&self) {
        undo(&self.unit_page)
    }
}

pub struct Redo {
    #[account(address = b @ AError::Other)]
    b: B,
}

impl Redo {
    pub fn redo(&self) {
        redo()
    }
}
",
        )];
        let rules = [
            source(
                "rules/undo.rs",
                r"
use crate::signer::refusal;

pub fn undo(page: &UnitPage) {
    // redo() is another's.
    page
        .check(page.field)
        .map_err(refusal);
    Chain::of(page)
        .check()
}

pub fn redo() {
    AError::Redone
}
",
            ),
            source(
                "rules/signer.rs",
                "pub fn refusal() {\n    AError::Signer\n}\n",
            ),
            source(
                "rules/page.rs",
                r"
impl UnitPage {
    pub fn check(&self) {
        self.invariant();
        self.full()
    }

    fn full(&self) {
        AError::Full
    }

    fn invariant(&self) {
        AError::Invariant
    }
}

impl Lot {
    pub fn check(&self) {
        AError::Lot
    }

    fn field(&self) {
        AError::Field
    }
}

impl<'a> Chain<'a> {
    fn check(&self) {
        AError::Chained
    }
}

#[cfg(test)]
mod tests {
    fn full() {
        AError::Test
    }
}
",
            ),
        ];
        let errors = [
            "Account",
            "Chained",
            "Field",
            "Full",
            "Invariant",
            "Lot",
            "Other",
            "Redone",
            "Signer",
            "Test",
        ]
        .into();
        let functions = Functions::of(&program, &rules);
        let of = |name| functions.refusals(find(&program, name).unwrap(), &errors);
        let undo = of("undo");
        assert_eq!(undo.errors, ["Account", "Chained", "Full", "Signer"].into());
        let valid: Vec<String> = undo.valid.iter().map(ToString::to_string).collect();
        assert_eq!(valid, ["UnitPage"]);
        let redo = of("redo");
        assert_eq!(redo.errors, ["Other", "Redone"].into());
        assert!(redo.valid.is_empty());
        let invariants = functions.invariants(&errors);
        let [(of, refused)] = Vec::from_iter(invariants).try_into().unwrap();
        assert_eq!(
            (of.to_string().as_str(), refused),
            ("UnitPage", ["Invariant"].into())
        );
    }

    #[test]
    fn the_errors_are_the_programs_own() {
        let errors = ["NoUnits", "Recalled"].into();
        let text = "pub fn f() { refuse(CustodyError::NoUnits); ProgramError::Custom(1); CustodyError::NoUnitsAtAll }";
        let program = [source("programs/f.rs", text)];
        let function = find(&program, "f").unwrap();
        let refusals = Functions::of(&program, &[]).refusals(function, &errors);
        assert_eq!(refusals.errors, ["NoUnits"].into());
    }
}
