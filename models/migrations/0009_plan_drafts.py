from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0008_leave')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PlanDraft',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('year', fields.IntField()),
                ('department', fields.CharField(max_length=16)),
                ('begun_by', fields.CharField(max_length=120)),
                ('begun_at', UtcDatetimeField()),
                ('handed_in_by', fields.CharField(null=True, max_length=120)),
                ('handed_in_at', UtcDatetimeField(null=True)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('published_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'plan_draft', 'app': 'models', 'indexes': [Index(fields=['year', 'department'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DraftEntry',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('draft', fields.ForeignKeyField('models.PlanDraft', source_field='draft_id', db_constraint=True, to_field='id', related_name='entries', on_delete=OnDelete.RESTRICT)),
                ('code', fields.CharField(max_length=64)),
                ('content', ReadableJSONField()),
                ('consents', ReadableJSONField()),
                ('asked_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'draft_entry', 'app': 'models', 'unique_together': (('draft', 'code'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
