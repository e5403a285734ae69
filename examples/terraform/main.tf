# A team's delivery pipeline: commits to CodeCommit are built into an image by CodeBuild, wait for an approval, and are rolled out
# to ECS behind a load balancer. Roles may do what their work needs and nothing else. The same configuration works on AWS.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region            = var.region
  s3_use_path_style = true # buckets by path: names of hosts need no resolver
}

variable "region" {
  type    = string
  default = "us-east-1"
}

variable "name" {
  type    = string
  default = "greeter"
}

data "aws_caller_identity" "current" {}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

locals {
  account  = data.aws_caller_identity.current.account_id
  registry = split("/", aws_ecr_repository.app.repository_url)[0]
}

output "repository" {
  value = aws_codecommit_repository.app.clone_url_http
}

output "url" {
  value = "http://${aws_lb.app.dns_name}"
}

output "approvals" {
  value = aws_sqs_queue.approvals.url
}
