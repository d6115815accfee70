import { Module } from '@nestjs/common';
import { FilesModule } from '@veche/files';
import { MembersModule } from '../members/members.module';
import { AttachmentsController } from './attachments.controller';
import { AttachmentsRepository } from './attachments.repository';
import { AttachmentsService } from './attachments.service';
import { FilesSweep } from './files.sweep';

/** Files in messages. */
@Module({
  imports: [MembersModule, FilesModule],
  controllers: [AttachmentsController],
  providers: [AttachmentsService, AttachmentsRepository, FilesSweep],
  exports: [AttachmentsService],
})
export class AttachmentsModule {}
