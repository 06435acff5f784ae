#pragma once

#include <cstddef>

#include "core/base/check.h"

namespace weir {

// A member of at most one List<…, Tag>; leaves it when destroyed. Derive from it.
template <typename Tag>
class ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  ~ListNode() { unlink(); }

  bool linked() const { return next_ != nullptr; }
  void unlink() {
    if (!linked()) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
  }

 private:
  template <typename T, typename U>
  friend class List;

  ListNode* next_ = nullptr;
  ListNode* previous_ = nullptr;
};

// A doubly linked list through its members, which it does not own. T derives from ListNode<Tag>.
template <typename T, typename Tag = T>
class List {
 public:
  using Node = ListNode<Tag>;

  List() { root_.next_ = root_.previous_ = &root_; }
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() {
    while (!empty()) root_.next_->unlink();
    root_.next_ = root_.previous_ = nullptr;
  }

  bool empty() const { return root_.next_ == &root_; }
  T* front() { return empty() ? nullptr : static_cast<T*>(root_.next_); }
  T* back() { return empty() ? nullptr : static_cast<T*>(root_.previous_); }
  void push_back(T& member) { insert_before(&root_, &member); }
  void push_front(T& member) { insert_before(root_.next_, &member); }
  T* pop_front() {
    T* first = front();
    if (first != nullptr) static_cast<Node*>(first)->unlink();
    return first;
  }
  // The member after `member`, or null. Take it before `member` may leave the list.
  T* next(T& member) {
    Node* node = static_cast<Node&>(member).next_;
    return node == &root_ ? nullptr : static_cast<T*>(node);
  }

 private:
  void insert_before(Node* place, Node* node) {
    WEIR_ASSERT(!node->linked());
    node->next_ = place;
    node->previous_ = place->previous_;
    place->previous_->next_ = node;
    place->previous_ = node;
  }

  Node root_;
};

}  // namespace weir
